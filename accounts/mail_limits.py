"""Rate limits for mails that anybody can have sent to an address: a few a day.

The page is the same whether a mail is sent or not. The limit locks nobody out: an earlier mail
is in the mailbox, and its link still works.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest

from ratelimits.hits import DAY, hit

A_DAY = 5
# Accounts from one network address (core.web.rate_limits.household), which a school may share.
SIGN_UPS_A_DAY = 60


def wait_for_reset(email: str, user: User) -> int:
    """Count a mail for a password reset; return 0, or the seconds until one may be sent.

    The count begins anew when a sign-in or a new password makes the earlier links invalid. So a
    stranger who asks for many mails can't keep the owner from a link that works.
    """
    return hit(f"mail: reset {email.lower()} {user.last_login} {user.password}", A_DAY, DAY)


def wait_for_confirmation(email: str, request: HttpRequest) -> int:
    """Count a mail that confirms an address or says that it has an account; return as above.

    Signed-in users have a count of their own, which strangers can't use up.
    """
    asked_by = "people" if request.user.is_authenticated else "strangers"
    return hit(f"mail: confirm {email.lower()} {asked_by}", A_DAY, DAY)
