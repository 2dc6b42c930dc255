"""Rate limits for wrong passwords, which slow down a guesser and nobody else.

axes counts wrong passwords in the database, by the user name and by the network address
(https://django-axes.readthedocs.io/en/latest/4_configuration.html, AXES_LOCKOUT_PARAMETERS). Each
pair of the two has a low limit, so that neither a guesser elsewhere nor a colleague in the same
office locks the owner out. A name tried from many addresses, and an address that tries many
names, have higher limits. A user locked out by those can sign in at once by a mail or a passkey.
axes reads its count before a password is checked, and adds to it afterwards, so that many attempts
at once would all pass. Each attempt of a pair is therefore counted before the check as well, until
one has the right password.
"""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_lockout_parameters
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse

from core.web.errors import too_many_requests
from core.text.compared import compared
from core.web.client_address import UNKNOWN, household
from profiles import names
from ratelimits.hits import forget, hit

# Wrong passwords within AXES_COOLOFF_TIME. NIST allows a single account 100 in a row:
# https://pages.nist.gov/800-63-3/sp800-63b.html#throttle
PAIR = ("username", "ip_address")
BOUNDS = {PAIR: 5, ("username",): 50, ("ip_address",): 50}


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the user name or address that was typed to sign in, in the form of comparison.

    An address is not replaced by its user's name: if one were locked after too many attempts
    with the other, that would reveal whose address it is.
    """
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login", "")
    return compared(str(name))[: AccessAttempt._meta.get_field("username").max_length]


def tried_from(request: HttpRequest) -> str | None:
    """Return the client's address; for IPv6 the first of its network (client_address.household).

    None if it is unknown: the server listens on a socket, and no proxy is declared.
    """
    where = household(request)
    return None if where == UNKNOWN else where.partition("/")[0]


def names_of(user: User) -> list[str]:
    """Return each ``tried_name`` that means this user and no other."""
    others = User.objects.exclude(pk=user.pk)
    return [
        compared(name)
        for name in {user.username, user.email} - {""}
        if not names.is_taken(name, by_other_than=user)
        and not others.filter(email__iexact=name).exists()
    ]


def counted_by(request: HttpRequest, credentials: Any = None) -> list[tuple[str, ...]]:
    """Return what axes counts by; only the name if no network address is known."""
    without_address = [("username",)]
    return without_address if tried_from(request) is None else list(BOUNDS)


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Return the response 429 to too many attempts, the same whether the account exists or not."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    return too_many_requests(seconds, "accounts/locked_out.html")


def was_right(request: HttpRequest, credentials: dict[str, Any]) -> None:
    """Forget the attempts of a pair, as one of them had the right password."""
    forget(_pair(request, credentials))


def _pair(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    return f"password: {tried_name(request, credentials)} {tried_from(request)}"


class Attempts(AxesDatabaseHandler):
    """axes' handler, with a limit for each of the things that it counts by."""

    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Return whether a password may be checked; of many at once no more than in a row."""
        if not super().is_allowed(request, credentials):
            return False
        if tried_from(request) is None:
            return True
        pair = _pair(request, credentials)
        return not hit(pair, BOUNDS[PAIR], settings.AXES_COOLOFF_TIME)

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        """Return the number of reached limits; AXES_FAILURE_LIMIT is 1, so one locks out."""
        counted = get_lockout_parameters(request, credentials)
        found = self.get_user_attempts(request, credentials)
        return sum(
            (attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= BOUNDS[by]
            for by, attempts in zip(counted, found, strict=True)
        )

    def reset_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> int:
        """Forget attempts from this address with the names of the signed-in user; return the rows.

        Attempts from other addresses stay: otherwise a guesser could begin anew whenever the
        owner signs in. Attempts with other names stay too: otherwise a guesser could sign in to
        an own account after every fourth guess.
        """
        user = User.objects.get(username=credentials["username"])
        theirs = AccessAttempt.objects.filter(username__in=names_of(user))
        return theirs.filter(ip_address=tried_from(request)).delete()[0]
