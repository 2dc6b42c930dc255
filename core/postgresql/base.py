"""The backend's DatabaseWrapper. Django looks for it in a module of this name.

https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

from __future__ import annotations

import time
from typing import Any

from django.db.backends.postgresql import base

from ..circuit_breaker import CircuitBreaker

PATIENCE = 3.0  # seconds to wait for a free connection; databases.SLICE is one attempt
breaker = CircuitBreaker(pause=1.0, trial=5.0)  # an attempt gives up after PATIENCE


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, with a circuit breaker in front of its connection pool."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if self.pool is None:  # Django connects without a pool to create the tests' database
            return super().get_new_connection(conn_params)
        if breaker.is_open():
            raise self.Database.OperationalError(
                "the database did not answer a moment ago, and is asked again in another"
            )
        failed, end = self._failed(), time.monotonic() + PATIENCE
        while True:
            try:
                connection = super().get_new_connection(conn_params)
            except self.Database.OperationalError:
                if self._failed() > failed:
                    breaker.trip()
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
