"""The number of rows of a query: counted once, and remembered until the data changes."""

from __future__ import annotations

import time

from django.db import connection

from core.pagecache import generation

# When this many are remembered, all are forgotten: most are not asked for again.
MOST = 1000
# Seconds. A letting can become public as time passes, and writes by psql go unnoticed.
SECONDS = 60

_counts: dict[tuple[bytes, str], tuple[int, float]] = {}


class Count:
    """The number of rows of one query, if it is remembered.

    name: tells this query from all others.
    """

    def __init__(self, name: str) -> None:
        # Read before the rows: after a change in between, the number is dropped and not kept.
        token = generation()
        # A transaction may hold changes that the token does not know of.
        usable = token is not None and not connection.in_atomic_block
        self._key = (token, name) if usable else None

    def get(self) -> int | None:
        """Return the number if it is remembered, else None."""
        number, until = _counts.get(self._key, (None, 0.0))
        return number if time.monotonic() < until else None

    def keep(self, number: int) -> None:
        """Remember the number, for all threads of this process."""
        if self._key is None:
            return
        if len(_counts) >= MOST:
            _counts.clear()
        _counts[self._key] = (number, time.monotonic() + SECONDS)
