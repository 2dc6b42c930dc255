"""Rate limits for writing to hosts, far beyond what a person who looks for a place needs.

No stranger can use up another person's limit: a letting has none, which a rival could use up.
Anybody can use up the limit of an address of mail, and of a network that many share. So these
count guests without an account only: the page says that signing in is a way around them.
"""

from __future__ import annotations

from django.http import HttpRequest

from core.web.client_address import household
from profiles.models import Profile
from ratelimits.hits import DAY, HOUR, hit

from .models import Enquiry

LIMITS = {
    # Enquiries without an account, by network address, which a school or the customers of a
    # mobile network may share; and enquiries of one account.
    "address": (10, HOUR),
    "account": (6, HOUR),
    # Enquiries without an account, by mail address: each sends a mail to it.
    "email": (10, DAY),
    # Messages of one side of a thread: each sends a mail to the other side.
    "thread": (20, HOUR),
    # Mails to an unconfirmed address that say that the host has answered.
    "notices": (6, DAY),
    # Mails to one host with what guests write; and mails that only say that there is more.
    "host": (30, HOUR),
    "more": (1, HOUR),
}


def wait(request: HttpRequest, guest: Profile | None, email: str) -> int:
    """Count an enquiry; return 0 if it may be sent, else the seconds to wait."""
    if guest:
        return _hit("account", guest.pk)
    # In this order: an enquiry that the first limit refuses must not use up a shared one.
    return _hit("address", household(request)) or _hit("email", email.lower())


def wait_in_thread(enquiry: Enquiry, *, by_host: bool) -> int:
    """Count a message; return 0 if it may be sent, else the seconds to wait."""
    return _hit("thread", f"{enquiry.pk} {by_host}")


def wait_for_notice(email: str) -> int:
    """Count a mail to an unconfirmed address; return 0 if it may be sent."""
    return _hit("notices", email.lower())


def wait_for_host(host: Profile) -> int:
    """Count a mail to a host with a guest's words; return 0 if it may be sent."""
    return _hit("host", host.pk)


def wait_for_more(host: Profile) -> int:
    """Count a mail that says that there is more to read; return 0 if it may be sent."""
    return _hit("more", host.pk)


def _hit(kind: str, key: object) -> int:
    return hit(f"enquiries: {kind} {key}", *LIMITS[kind])
