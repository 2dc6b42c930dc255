"""Enquiries as personal data: for the export and for the deletion of an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.forms import model_to_dict

from profiles.models import Profile

from . import actions
from .models import Enquiry

FIELDS = [
    "letting_title",
    "guest_name",
    "language",
    "arrive",
    "leave",
    "people",
    "state",
]


def collect(profile: Profile) -> dict[str, Any]:
    """Return all enquiries of the profile, as guest or host, as JSON data."""
    mine = Q(host=profile) | Q(pk__in=_asked(profile).values("pk"))
    enquiries = Enquiry.objects.filter(mine).prefetch_related("messages").order_by("pk")
    return {
        "enquiries": [
            {
                **model_to_dict(enquiry, FIELDS),
                # Only the guest's own export has the guest's address, not the host's.
                **({"guest_email": enquiry.guest_email} if enquiry.host_id != profile.pk else {}),
                "as": "host" if enquiry.host_id == profile.pk else "guest",
                "created_at": enquiry.created_at,
                "messages": [
                    {
                        "by": "host" if message.by_host else "guest",
                        "text": message.text,
                        "written_at": message.written_at,
                    }
                    for message in enquiry.messages.all()
                ],
            }
            for enquiry in enquiries
        ]
    }


def files(profile: Profile) -> Iterator[str]:
    """Return no names of files: enquiries have no uploads."""
    return iter(())


def erase(profile: Profile) -> None:
    """Close open enquiries, mail the other side, and anonymise what the other side still reads.

    Enquiries whose other side is deleted too can be read by nobody, so they are deleted.
    """
    actions.close_all(Enquiry.objects.filter(host=profile), by_host=True)
    asked = Enquiry.objects.filter(pk__in=list(_asked(profile).values_list("pk", flat=True)))
    actions.close_all(asked, by_host=False)
    Enquiry.objects.filter(host=profile, guest=None, guest_email="").delete()
    asked.filter(host=None).delete()
    asked.update(guest_name="", guest_email="")


def _asked(profile: Profile) -> QuerySet[Enquiry]:
    """Return enquiries they wrote: with the account, or before it with one of their addresses."""
    addresses = profile.user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    by_address = Q(guest=None, address__in=[address.lower() for address in addresses])
    enquiries = Enquiry.objects.alias(address=Lower("guest_email"))
    return enquiries.filter(Q(guest=profile) | by_address)
