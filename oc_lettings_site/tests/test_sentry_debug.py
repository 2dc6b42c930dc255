"""GET /sentry-debug/: fails on purpose, a few times a minute."""

from datetime import UTC, datetime

import time_machine
from django.test import TestCase

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class SentryDebugTests(TestCase):
    def setUp(self):
        self.clock = self.enterContext(time_machine.travel(NOON, tick=False))
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
        self.clock.shift(60)
        self.assertEqual(self.client.get("/sentry-debug/").status_code, 500)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post("/sentry-debug/").status_code, 405)
