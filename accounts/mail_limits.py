"""How many mails others can have the site send to one address: a few a day.

Whoever asks gets the same page as ever. Nobody is kept out by it: what is not sent once more is
in the mailbox already, with links that still open.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest

from ratelimits.hits import DAY, hit

A_DAY = 5
# Accounts that one address (throttle.household) makes: a school may be one.
SIGN_UPS_A_DAY = 60


def wait_for_reset(email: str, user: User) -> int:
    """Count a mail with a link to a new password; return 0, or the seconds until one may be sent.

    As long as its links open, which they do until somebody signs in or changes the password: a
    guesser who asks for many does not keep the owner from one that opens.
    """
    return hit(f"mail: reset {email.lower()} {user.last_login} {user.password}", A_DAY, DAY)


def wait_for_confirmation(email: str, request: HttpRequest) -> int:
    """Count a mail that asks to confirm an address, or says that it has an account; as above.

    Strangers, of whom there is no end, don't use up what people who are signed in may ask for.
    """
    asked_by = "people" if request.user.is_authenticated else "strangers"
    return hit(f"mail: confirm {email.lower()} {asked_by}", A_DAY, DAY)
