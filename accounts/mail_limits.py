"""Rate limits for mails that anybody can have sent to an address: a few a day.

The page is the same whether a mail is sent or not. The limit locks nobody out: an earlier mail
is in the mailbox, and its link still works.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.http import HttpRequest

from ratelimits.hits import DAY, hit

A_DAY = 5
# Mails that all signed-in users together have sent to one address.
OF_ALL_A_DAY = 20
# Between two mails that confirm the same address of the same account.
COOL_OFF = timedelta(minutes=3)
# Accounts from one network address (core.web.client_address.household), which a school may share.
SIGN_UPS_A_DAY = 60


def wait_for_reset(email: str, user: User) -> int:
    """Count a mail for a password reset; return 0, or the seconds until one may be sent.

    The count begins anew when a sign-in or a new password makes the earlier links invalid. So a
    stranger who asks for many mails can't keep the owner from a link that works.
    """
    return hit(f"mail: reset {email.lower()} {user.last_login} {user.password}", A_DAY, DAY)


def wait_to_confirm(address: EmailAddress, request: HttpRequest) -> int:
    """Count a mail that confirms an address; return as above.

    Two accounts may wait for the confirmation of one address, and its owner needs the mail of
    their own. So one account does not use up the mails of another.
    """
    name = f"mail: confirm {address.email.lower()}"
    again = hit(f"{name} again {address.user_id}", 1, COOL_OFF)
    if again or not request.user.is_authenticated:
        return again or wait_for_stranger(address.email)
    own = hit(f"{name} {address.user_id}", A_DAY, DAY)
    return own or hit(f"{name} people", OF_ALL_A_DAY, DAY)


def wait_for_stranger(email: str) -> int:
    """Count a mail to an address that somebody typed who is not signed in; return as above."""
    return hit(f"mail: confirm {email.lower()} strangers", A_DAY, DAY)
