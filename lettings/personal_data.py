"""A host's lettings as personal data: for the export and for the deletion of an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.forms import model_to_dict

from profiles.models import Profile

from .models import Address, Draft, Letting, Photo


def collect(profile: Profile) -> dict[str, Any]:
    """Return all of it as JSON data (dates and decimals are left to Django's encoder)."""
    lettings = Letting.objects.filter(host=profile).select_related("address")
    return {
        "lettings": [
            {
                **model_to_dict(letting, exclude=["address", "host"]),
                "address": model_to_dict(letting.address, exclude=["id"]),
                "photos": _photos(letting),
            }
            for letting in lettings.prefetch_related("photos").order_by("pk")
        ],
        "drafts": [
            {"letting": draft.letting_id, **draft.data["words"], "photos": _photos(draft)}
            for draft in profile.drafts.prefetch_related("photos").order_by("pk")
        ],
        "saved": list(profile.saved.values("letting", "since").order_by("pk")),
        "follows": list(profile.follows.values("host__user__username", "since").order_by("pk")),
    }


def files(profile: Profile) -> Iterator[str]:
    """Return the names of the uploaded pictures in the default storage."""
    theirs = Q(letting__host=profile) | Q(draft__host=profile)
    uploaded = Photo.objects.filter(theirs, image__startswith="photos/")
    yield from uploaded.values_list("image", flat=True).order_by("image").distinct()


def erase(profile: Profile) -> None:
    """Delete their lettings, with addresses, drafts and pictures."""
    Address.objects.filter(letting__host=profile).delete()
    profile.drafts.all().delete()


def _photos(owner: Letting | Draft) -> list[dict[str, Any]]:
    return [
        model_to_dict(photo, ["alt", "position"]) | {"file": photo.image.name}
        for photo in owner.photos.all()
    ]
