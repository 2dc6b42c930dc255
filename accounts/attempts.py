"""What axes counts wrong passwords by: the name that is tried, and where it comes from."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest

from oc_lettings_site.throttle import UNKNOWN, household


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Give what a sign-in calls the account, whichever way, lower-cased.

    An address is not turned into the name of whose it is: that one of the two is closed when the
    other was tried too often would tell who has that address.
    """
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login", "")
    return str(name).lower()[: AccessAttempt._meta.get_field("username").max_length]


def tried_from(request: HttpRequest) -> str | None:
    """Give the address of whoever asks; of IPv6 the first of their network (throttle.household).

    None without one: a server behind a socket, with no proxy declared.
    """
    where = household(request)
    return None if where == UNKNOWN else where.partition("/")[0]


def names_of(user: User) -> list[str]:
    """Give each ``tried_name`` that means this user, and nobody else."""
    others = User.objects.exclude(pk=user.pk)
    return [
        name
        for name in {user.username.lower(), user.email.lower()} - {""}
        if not others.filter(Q(username__iexact=name) | Q(email__iexact=name)).exists()
    ]


class Attempts(AxesDatabaseHandler):
    """axes' own, but that a right password clears the count of its account alone.

    axes clears that of where it came from too: whoever has an account could sign in to it after
    every fourth try of another's.
    """

    def reset_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> int:
        """Forget what was tried in the names of who is in now; give the number of rows."""
        user = User.objects.get(username=credentials["username"])
        return AccessAttempt.objects.filter(username__in=names_of(user)).delete()[0]
