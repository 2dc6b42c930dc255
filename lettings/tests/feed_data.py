"""Many hosts with lettings and followers, for the tests and the benchmark of the feed."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import connection

from lettings import search
from lettings.models import Address, Letting
from profiles.models import Follow, Profile


def make_people(prefix, number):
    """Make that many users with profiles."""
    users = get_user_model().objects.bulk_create(
        (get_user_model()(username=f"{prefix}{n}") for n in range(number)), batch_size=1000
    )
    return Profile.objects.bulk_create((Profile(user=user) for user in users), batch_size=1000)


def make_lettings(hosts, number, newest):
    """Publish that many lettings, one a minute before ``newest``, by the hosts in turn."""
    with connection.cursor() as cursor:  # nobody searches here
        for statement in search.backend_of(connection).DROP_TRIGGERS:
            cursor.execute(statement)
    addresses = Address.objects.bulk_create(
        (
            Address(number=1, street="Street", city="City", state="GA", zip_code="31525")
            for _ in range(number)
        ),
        batch_size=1000,
    )
    Letting.objects.bulk_create(
        (
            Letting(
                title=f"House {n}",
                address=address,
                host=hosts[n % len(hosts)],
                published_at=newest - timedelta(minutes=n),
            )
            for n, address in enumerate(addresses)
        ),
        batch_size=1000,
    )


def follow(followers, hosts):
    """Have each of them follow each of the hosts."""
    Follow.objects.bulk_create(
        (Follow(follower=follower, host=host) for follower in followers for host in hosts),
        batch_size=1000,
    )


def analyze():
    """Let PostgreSQL look at what is there, as it does by itself after a while."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
