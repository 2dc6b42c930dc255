"""What the site keeps of somebody's enquiries, and what becomes of them without an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.forms import model_to_dict

from profiles.models import Profile

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


def of(profile: Profile) -> dict[str, Any]:
    """Give all that they asked and were asked, as JSON can hold it."""
    enquiries = Enquiry.objects.of(profile).prefetch_related("messages").order_by("pk")
    return {
        "enquiries": [
            {
                **model_to_dict(enquiry, FIELDS),
                # A guest's address is theirs, and no host's to see.
                **({"guest_email": enquiry.guest_email} if enquiry.guest_id == profile.pk else {}),
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
    """Give no names: nobody uploads anything here."""
    return iter(())


def erase(profile: Profile) -> None:
    """Take who they are out of what others go on reading."""
    Enquiry.objects.filter(guest=profile).update(guest_name="", guest_email="")
