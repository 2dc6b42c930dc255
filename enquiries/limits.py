"""How often one may write to hosts; far beyond what a person looking for a place does."""

from __future__ import annotations

import logging

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from oc_lettings_site import throttle

logger = logging.getLogger(__name__)

HOUR = 3600
# From one address (a whole school may share one), by one e-mail address, to one letting; and
# messages of one side of a thread, each of which is a mail to the other.
LIMITS = {"address": 10, "email": 6, "letting": 30, "thread": 20}


def wait(request: HttpRequest, email: str, letting_id: int) -> int:
    """Count an enquiry; give 0 if it may be sent, else the seconds until one may be.

    A cache that can't count holds nobody up: the other hurdles stand, and people must get through.
    """
    # In this order: what the first refuses must not use up what others share. People of the site
    # of 2021 may have no e-mail address, and none is not one that they share.
    keys = {"address": throttle.household(request), "email": email.lower(), "letting": letting_id}
    return _count({kind: key for kind, key in keys.items() if key})


def wait_in_thread(enquiry_id: int, *, by_host: bool) -> int:
    """Count a message; give 0 if it may be sent, else the seconds until one may be."""
    return _count({"thread": f"{enquiry_id} {by_host}"})


def _count(keys: dict[str, object]) -> int:
    for kind, key in keys.items():
        # Who wrote to whom is nothing for a cache to tell.
        name = salted_hmac("enquiries.limits", f"{kind}:{key}", algorithm="sha256").hexdigest()
        try:
            used, seconds = throttle.count(f"enquiries:{name}", window=HOUR)
        except Exception as error:
            logger.warning("enquiries are not counted: %s", type(error).__name__)
            return 0
        if used > LIMITS[kind]:
            return seconds
    return 0
