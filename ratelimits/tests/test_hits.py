"""hit(): how often, in any stretch of time that long."""

from datetime import timedelta

import pytest

from core.tests.connections import at_once, for_threads
from ratelimits.hits import DAY, HOUR, hit
from ratelimits.models import RateLimit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "moment",
    ["2026-12-31 23:59:30+00:00", "2028-02-29 12:00:00+00:00", "2026-11-01 08:59:59+00:00"],
)
def test_it_slides(time_machine, moment):
    """No clock's hour begins a new count: twice as many would fit around it."""
    time_machine.move_to(moment, tick=False)
    assert [hit("a", 2, HOUR), hit("a", 2, HOUR)] == [0, 0]
    time_machine.shift(3000)
    assert hit("a", 2, HOUR) == 600
    time_machine.shift(601)
    assert hit("a", 2, HOUR) == 0


def test_what_is_refused_makes_nobody_wait_longer(time_machine):
    time_machine.move_to("2026-12-31 23:59:30+00:00", tick=False)
    for _ in range(5):
        waits = hit("a", 1, timedelta(minutes=1))
    assert waits == 60
    time_machine.shift(61)
    assert hit("a", 1, timedelta(minutes=1)) == 0


def test_each_name_has_its_own():
    assert hit("a", 1, DAY) == 0
    assert hit("b", 1, DAY) == 0
    assert hit("a", 1, DAY) > 86_000
    assert "a" not in RateLimit.objects.values_list("key", flat=True)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_pass_than_may(tmp_path):
    with for_threads(tmp_path):
        waits = at_once(*[lambda: hit("a", 3, DAY)] * 6)
    assert sorted(waits)[:3] == [0, 0, 0] and min(sorted(waits)[3:]) > 86_000
