"""core.circuit_breaker, which the database, Redis and the bucket share."""

from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest

from core.circuit_breaker import CircuitBreaker


@pytest.fixture
def clock():
    """The breaker's clock, whose ``return_value`` are seconds."""
    with mock.patch("core.circuit_breaker.monotonic", return_value=100.0) as clock:
        yield clock


def test_after_a_failure_one_asks_at_a_time(clock):
    breaker = CircuitBreaker(pause=1, trial=5)
    for seconds, is_open in [(0, True), (0.9, True), (1, False), (5.9, True), (6, False)]:
        if not seconds:
            assert not breaker.is_open()
            breaker.trip()
        clock.return_value = 100 + seconds
        assert breaker.is_open() is is_open, seconds
    breaker.close()
    assert not breaker.is_open() and not breaker.is_open()


def test_a_failed_trial_begins_another_pause(clock):
    breaker = CircuitBreaker(pause=2)
    breaker.trip()
    clock.return_value = 102.0
    assert not breaker.is_open()
    clock.return_value = 103.0
    breaker.trip()
    clock.return_value = 104.9
    assert breaker.is_open()
    clock.return_value = 105.0
    assert not breaker.is_open()


@pytest.mark.parametrize(
    ("error", "opens"), [(ConnectionError, True), (TimeoutError, False), (None, False)]
)
def test_only_a_failure_of_the_server_opens_it_and_any_answer_closes_it(clock, error, opens):
    breaker = CircuitBreaker(pause=2)
    for was_open in (False, True):
        if was_open:
            breaker.trip()
            clock.return_value += 2
            assert not breaker.is_open()
        try:
            with breaker.watch(ConnectionError):
                if error:
                    raise error
        except OSError as raised:
            assert type(raised) is error
        assert breaker.is_open() is opens


def test_of_many_threads_one_asks_after_the_pause(clock):
    breaker = CircuitBreaker(pause=2)
    breaker.trip()
    clock.return_value = 102.0
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: breaker.is_open(), range(80)))
    assert answers.count(False) == 1
