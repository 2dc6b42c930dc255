"""How often one may write to hosts; far beyond what a person looking for a place does.

Nothing here is shared by people who don't know each other: no limit of a letting's, which a rival
could use up, and for an address of mail that anybody can give, a way around it for its owner.
"""

from __future__ import annotations

from django.http import HttpRequest

from core.web.rate_limits import household
from profiles.models import Profile
from ratelimits.hits import DAY, HOUR, hit

from .models import Enquiry

LIMITS = {
    # Enquiries from one network address (a whole school may share one), and of one account.
    "address": (10, HOUR),
    "account": (6, HOUR),
    # Enquiries of people without an account, with one e-mail address: each is a mail to it.
    "email": (10, DAY),
    # Messages of one side of a thread, each of which is a mail to the other.
    "thread": (20, HOUR),
    # Mails to an e-mail address that nobody has confirmed, which say that the host has answered.
    "notices": (6, DAY),
    # Mails to one host of what guests write; and that there is more, which the site shows.
    "host": (30, HOUR),
    "more": (1, HOUR),
}


def wait(request: HttpRequest, guest: Profile | None, email: str) -> int:
    """Count an enquiry; return 0 if it may be sent, else the seconds until one may be."""
    # In this order: what the first refuses must not use up what others share.
    seconds = _hit("address", household(request))
    if seconds:
        return seconds
    return _hit("account", guest.pk) if guest else _hit("email", email.lower())


def wait_in_thread(enquiry: Enquiry, *, by_host: bool) -> int:
    """Count a message; return 0 if it may be sent, else the seconds until one may be."""
    return _hit("thread", f"{enquiry.pk} {by_host}")


def wait_for_notice(email: str) -> int:
    """Count a mail to an address that nobody has confirmed; return 0 if it may be sent."""
    return _hit("notices", email.lower())


def wait_for_host(host: Profile) -> int:
    """Count a mail to a host of what a guest writes; return 0 if it may be sent."""
    return _hit("host", host.pk)


def wait_for_more(host: Profile) -> int:
    """Count a mail that tells a host of more than is mailed; return 0 if it may be sent."""
    return _hit("more", host.pk)


def _hit(kind: str, key: object) -> int:
    return hit(f"enquiries: {kind} {key}", *LIMITS[kind])
