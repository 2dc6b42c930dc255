"""GET /sentry-debug/: fails on purpose, a few times a minute."""

from unittest import mock

import pytest
from django.test import TestCase

from core.web.rate_limits import wait


class SentryDebugTests(TestCase):
    def setUp(self):
        clock = mock.patch("core.web.rate_limits.time.time", return_value=1_000_000_020)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.client.raise_request_exception = False

    def test_it_raises_as_the_original_did(self):
        self.client.raise_request_exception = True
        with self.assertRaises(ZeroDivisionError):
            self.client.get("/sentry-debug/")

    def test_a_few_a_minute_for_all_visitors_together(self):
        statuses = [
            self.client.get("/sentry-debug/", REMOTE_ADDR=f"203.0.113.{n}").status_code
            for n in range(5)
        ]
        self.assertEqual(statuses, [500, 500, 500, 429, 429])
        response = self.client.get("/sentry-debug/")
        self.assertEqual(response["Retry-After"], "60")
        self.assertTemplateUsed(response, "429.html")
        self.clock.return_value += 60
        self.assertEqual(self.client.get("/sentry-debug/").status_code, 500)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post("/sentry-debug/").status_code, 405)


@pytest.mark.parametrize(("now", "seconds"), [(0, 60), (59, 1), (119, 1)])
def test_the_wait_is_until_the_next_minute(now, seconds):
    assert wait("x", 1, now) == 0
    assert wait("x", 1, now) == seconds


def test_a_cache_that_is_away_lets_nobody_on():
    with mock.patch("core.web.rate_limits.cache.add", side_effect=ConnectionError):
        assert wait("x", 5) > 0
