"""How wrong passwords slow down who guesses, and nobody else.

axes counts them by the name that is tried and by where it comes from, in the database
(https://django-axes.readthedocs.io/en/latest/4_configuration.html, AXES_LOCKOUT_PARAMETERS). Each
pair of the two has a low bound: neither a guesser elsewhere nor a colleague in the same office
stops who knows the password. A name that is tried from many addresses, and an address that tries
many names, have higher ones. Who is stopped by these comes in by a mail or a passkey at once.
"""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_lockout_parameters
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse

from core.web.errors import too_many_requests
from core.web.rate_limits import UNKNOWN, household

# Wrong passwords within AXES_COOLOFF_TIME. NIST allows a single account 100 in a row:
# https://pages.nist.gov/800-63-3/sp800-63b.html#throttle
BOUNDS = {("username", "ip_address"): 5, ("username",): 50, ("ip_address",): 50}


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return what a sign-in calls the account, whichever way, lower-cased.

    An address is not turned into the name of whose it is: that one of the two is closed when the
    other was tried too often would tell who has that address.
    """
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login", "")
    return str(name).lower()[: AccessAttempt._meta.get_field("username").max_length]


def tried_from(request: HttpRequest) -> str | None:
    """Return the address of whoever asks; of IPv6 the first of their network (throttle.household).

    None without one: a server behind a socket, with no proxy declared.
    """
    where = household(request)
    return None if where == UNKNOWN else where.partition("/")[0]


def names_of(user: User) -> list[str]:
    """Return each ``tried_name`` that means this user, and nobody else."""
    others = User.objects.exclude(pk=user.pk)
    return [
        name
        for name in {user.username.lower(), user.email.lower()} - {""}
        if not others.filter(Q(username__iexact=name) | Q(email__iexact=name)).exists()
    ]


def counted_by(request: HttpRequest, credentials: Any = None) -> list[tuple[str, ...]]:
    """Return what axes counts by; where nobody's address is known, the name alone."""
    without_address = [("username",)]
    return without_address if tried_from(request) is None else list(BOUNDS)


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Return the 429 of a sign-in tried too often; the same whether the account exists or not."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    return too_many_requests(seconds, "accounts/locked_out.html")


class Attempts(AxesDatabaseHandler):
    """axes' own handler, with a bound for each of what it counts by."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        """Return how many bounds are reached; AXES_FAILURE_LIMIT is one of them."""
        counted = get_lockout_parameters(request, credentials)
        found = self.get_user_attempts(request, credentials)
        return sum(
            (attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= BOUNDS[by]
            for by, attempts in zip(counted, found, strict=True)
        )

    def reset_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> int:
        """Forget what was tried from here in the names of who is in now; return the rows.

        What others tried from elsewhere stays: a guesser would begin anew whenever the owner
        signs in. So does what was tried in other names: whoever has an account could sign in to
        it after every fourth try of another's.
        """
        user = User.objects.get(username=credentials["username"])
        theirs = AccessAttempt.objects.filter(username__in=names_of(user))
        return theirs.filter(ip_address=tried_from(request)).delete()[0]
