"""What the site keeps of somebody's enquiries, and what becomes of them without an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.forms import model_to_dict

from profiles.models import Profile

from . import writing
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
    """Return all that they asked and were asked, as JSON can hold it."""
    mine = Q(host=profile) | Q(pk__in=_asked(profile).values("pk"))
    enquiries = Enquiry.objects.filter(mine).prefetch_related("messages").order_by("pk")
    return {
        "enquiries": [
            {
                **model_to_dict(enquiry, FIELDS),
                # A guest's address is theirs, and no host's to see.
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
    """Return no names: nobody uploads anything here."""
    return iter(())


def erase(profile: Profile) -> None:
    """End what goes on, telling the other side; take who they are out of what others still read.

    What was between them and somebody who is gone as well, nobody can read any more: it goes.
    """
    writing.close_all(Enquiry.objects.filter(host=profile), by_host=True)
    asked = Enquiry.objects.filter(pk__in=list(_asked(profile).values_list("pk", flat=True)))
    writing.close_all(asked, by_host=False)
    Enquiry.objects.filter(host=profile, guest=None, guest_email="").delete()
    asked.filter(host=None).delete()
    asked.update(guest_name="", guest_email="")


def _asked(profile: Profile) -> QuerySet[Enquiry]:
    """Return what they asked: by their account, or before that by an address of theirs."""
    addresses = profile.user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    by_address = Q(guest=None, address__in=[address.lower() for address in addresses])
    enquiries = Enquiry.objects.alias(address=Lower("guest_email"))
    return enquiries.filter(Q(guest=profile) | by_address)
