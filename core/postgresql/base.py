"""The backend's DatabaseWrapper. Django looks for it in a module of this name.

https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

from __future__ import annotations

import time
from typing import Any

from django.db.backends.postgresql import base

REST = 1.0  # seconds for which nobody asks a server that did not answer
ASKING = 5.0  # seconds that the next attempt may take; it gives up after PATIENCE
PATIENCE = 3.0  # seconds to wait for a free connection; databases.SLICE is one attempt


class CircuitBreaker:
    """The circuit breaker of this process: who may ask again a server that did not answer.

    Each attempt waits for seconds. Without the breaker all threads would wait, and nobody would
    serve even cached pages.
    """

    def __init__(self) -> None:
        self.until = 0.0

    def is_open(self, now: float) -> bool:
        """Return whether to give up at once. After the pause, one caller may ask again."""
        if now < self.until:
            return True
        if self.until:
            self.until = now + ASKING
        return False

    def trip(self, now: float) -> None:
        """Open the breaker: the server does not answer."""
        self.until = now + REST

    def close(self) -> None:
        """Close the breaker: the server answers."""
        self.until = 0.0


breaker = CircuitBreaker()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, with a circuit breaker in front of its connection pool."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if self.pool is None:  # Django connects without a pool to create the tests' database
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
                # All connections of the pool are in use; the server is well.
                if time.monotonic() > end:
                    breaker.close()
                    raise
            else:
                breaker.close()
                return connection

    def _failed(self) -> int:
        """Return how often the pool has failed to connect."""
        return self.pool.get_stats().get("connections_errors", 0)
