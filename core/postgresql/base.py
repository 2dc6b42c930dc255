"""Loaded by Django, which looks for a backend's DatabaseWrapper here.

https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

from __future__ import annotations

import time
from typing import Any

from django.db.backends.postgresql import base

REST = 1.0  # seconds in which a server that is away is asked by nobody
ASKING = 5.0  # seconds that whoever asks then may take; they give up after PATIENCE
PATIENCE = 3.0  # seconds in which a connection must be free: databases.SLICE is one try


class CircuitBreaker:
    """Says to whom a server that did not answer may be asked again, for all of this process.

    Each who asks waits for seconds: together they would hold every thread, and whoever wants but
    a page that is kept would wait for them.
    """

    def __init__(self) -> None:
        self.until = 0.0

    def is_open(self, now: float) -> bool:
        """Return whether to give up at once. If not, and it was, one may ask, and others wait."""
        if now < self.until:
            return True
        if self.until:
            self.until = now + ASKING
        return False

    def trip(self, now: float) -> None:
        """Note that the server is away."""
        self.until = now + REST

    def close(self) -> None:
        """Note that the server is there."""
        self.until = 0.0


breaker = CircuitBreaker()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with a circuit breaker before its pool of connections."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if self.pool is None:  # Django's own, for making a test's database
            return super().get_new_connection(conn_params)
        if breaker.is_open(time.monotonic()):
            raise self.Database.OperationalError(
                "the database did not answer a moment ago, and is asked again in another"
            )
        failed, end = self._failed(), time.monotonic() + PATIENCE
        while True:
            try:
                connection = super().get_new_connection(conn_params)
            except self.Database.OperationalError:
                if self._failed() > failed:
                    breaker.trip(time.monotonic())
                    raise
                # All connections of the pool are in use, and the server is well.
                if time.monotonic() > end:
                    breaker.close()
                    raise
            else:
                breaker.close()
                return connection

    def _failed(self) -> int:
        """Return how often the pool failed to connect so far."""
        return self.pool.get_stats().get("connections_errors", 0)
