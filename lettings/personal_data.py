"""What the site keeps of a host's lettings, and how it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.forms import model_to_dict

from profiles.models import Profile

from .models import Address, Letting, Photo


def of(profile: Profile) -> dict[str, Any]:
    """Give all of it, as JSON can hold it (dates and decimals by Django's encoder)."""
    lettings = Letting.objects.filter(host=profile).select_related("address")
    return {
        "lettings": [
            {
                **model_to_dict(letting, exclude=["address", "host"]),
                "address": model_to_dict(letting.address, exclude=["id"]),
                "photos": [
                    model_to_dict(photo, ["alt", "position"]) | {"file": photo.image.name}
                    for photo in letting.photos.all()
                ],
            }
            for letting in lettings.prefetch_related("photos").order_by("pk")
        ]
    }


def files(profile: Profile) -> Iterator[str]:
    """Give the names, in the default storage, of the pictures they uploaded."""
    uploaded = Photo.objects.filter(letting__host=profile, image__startswith="photos/")
    yield from uploaded.values_list("image", flat=True).order_by("image").distinct()


def erase(profile: Profile) -> None:
    """Delete their lettings, with addresses and pictures."""
    Address.objects.filter(letting__host=profile).delete()
