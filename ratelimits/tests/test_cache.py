"""The cache that allauth counts in: in the database, exact, and full for nobody."""

import pytest
from django.core.cache import cache, caches

from core.tests.connections import at_once, for_threads
from core.rest.rate_limits import cache as shared
from ratelimits.cache import RateLimitCache
from ratelimits.models import RateLimit
from ratelimits.tasks import forget_what_is_over

pytestmark = pytest.mark.django_db


def test_it_is_the_one_that_allauth_takes_and_no_other_code():
    assert isinstance(caches["default"], RateLimitCache)
    assert type(caches["shared"]) is not RateLimitCache
    shared.set("a", 1)
    assert cache.get("a") is None


def test_what_is_kept_is_there_until_it_is_over(time_machine):
    time_machine.move_to("2026-12-31 23:59:00+00:00", tick=False)
    cache.set("a", [1.5, 2.25], timeout=90)
    assert cache.add("a", [3], timeout=90) is False
    assert cache.get("a") == [1.5, 2.25] and "a" in cache and "b" not in cache
    time_machine.shift(91)
    assert cache.get("a", "none") == "none" and not cache.touch("a")
    assert cache.add("a", "anew") is True and cache.get("a") == "anew"
    assert cache.touch("a", 5) and cache.delete("a") and not cache.delete("a")


def test_nothing_drops_what_still_counts(time_machine):
    """A cache in memory of Django's drops a third of its entries at 300."""
    time_machine.move_to("2026-12-31 23:59:00+00:00", tick=False)
    cache.set("guesses", 5, timeout=900)
    for number in range(1000):
        cache.set(f"another {number}", number, timeout=60)
    assert cache.get("guesses") == 5
    time_machine.shift(61)
    forget_what_is_over()
    assert cache.get("guesses") == 5 and RateLimit.objects.count() == 1


def test_nobody_is_named_in_it():
    cache.set("allauth:rl:ann@example.org:203.0.113.7", [1])
    kept = str(RateLimit.objects.values())
    assert "ann" not in kept and "203.0" not in kept


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_adds(tmp_path):
    with for_threads(tmp_path):
        added = at_once(*[lambda: cache.add("lock", 1)] * 6)
    assert sorted(added) == [False] * 5 + [True]


def test_it_can_be_emptied():
    cache.set("a", 1)
    cache.clear()
    assert not RateLimit.objects.exists()
