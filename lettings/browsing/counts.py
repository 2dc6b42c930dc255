"""How many rows there are: counted once, until the data changes."""

from __future__ import annotations

import time

from django.db import connection

from core.pagecache import generation

# What nobody asks for again is forgotten with the rest when there are this many.
MOST = 1000
# Time alone publishes a letting whose moment has come, and psql writes unseen.
SECONDS = 60

_counts: dict[tuple[bytes, str], tuple[int, float]] = {}


class Count:
    """The number of rows of one question, and whether it is known already.

    name: tells these rows from all others.
    """

    def __init__(self, name: str) -> None:
        # Read before the rows are: a change in between makes the number old, not wrong for ever.
        token = generation()
        # Inside a transaction there may be changes that the token does not know of.
        usable = token is not None and not connection.in_atomic_block
        self._key = (token, name) if usable else None

    def get(self) -> int | None:
        """Return the number if it is remembered."""
        number, until = _counts.get(self._key, (None, 0.0))
        return number if time.monotonic() < until else None

    def keep(self, number: int) -> None:
        """Remember the number, for all threads of this process."""
        if self._key is None:
            return
        if len(_counts) >= MOST:
            _counts.clear()
        _counts[self._key] = (number, time.monotonic() + SECONDS)
