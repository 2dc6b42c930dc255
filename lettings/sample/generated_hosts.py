"""The hosts of generated lettings: users that nobody can sign in as."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction

from profiles.models import Profile

from .generated_words import FAVOURITE_CITIES, FIRST_NAMES, LAST_NAMES

# Marks generated users; no mail can reach this domain (RFC 2606, section 2).
DOMAIN = "@hosts.invalid"
HOSTED = 50
FIRST_DAY = datetime(2020, 9, 1, tzinfo=UTC)


@transaction.atomic
def hosts(wanted: int) -> list[Profile]:
    """Return that many profiles of generated hosts, in order; missing ones are created."""
    found = Profile.objects.filter(user__email__endswith=DOMAIN).select_related("user")
    profiles = {profile.user.email: profile for profile in found}
    taken = set(User.objects.values_list("username", flat=True))
    made = []
    for number in range(wanted):
        if _email(number) not in profiles:
            city = FAVOURITE_CITIES[number % len(FAVOURITE_CITIES)]
            made.append(Profile(user=_user(number, taken), favorite_city=city))
            taken.add(made[-1].user.username)
    User.objects.bulk_create(profile.user for profile in made)
    Profile.objects.bulk_create(made)
    profiles |= {profile.user.email: profile for profile in made}
    return [profiles[_email(number)] for number in range(wanted)]


def _email(number: int) -> str:
    return f"host{number}{DOMAIN}"


def _user(number: int, taken: set[str]) -> User:
    # After all first names are used once, the last names shift by one, so that all pairs occur.
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[(number + number // len(FIRST_NAMES)) % len(LAST_NAMES)]
    username = first + last
    if username in taken:
        username += str(number)
    return User(
        username=username,
        first_name=first,
        last_name=last,
        email=_email(number),
        password=make_password(None),
        date_joined=FIRST_DAY + timedelta(hours=number * 12),
    )
