"""Limits how often something may happen."""

from __future__ import annotations

import time

from django.core.cache import cache


def count(name: str, now: float | None = None, window: int = 60) -> tuple[int, int]:
    """Count one use of ``name``; give the uses in this minute of the clock, and its seconds left.

    With another ``window`` in seconds, those of that part of the clock's time.

    The count is in the cache: shared by everyone with Redis, kept by each process without.
    Raises whatever the cache raises.
    """
    number, second = divmod(int(time.time() if now is None else now), window)
    key = f"throttle:{name}:{number}"
    cache.add(key, 0, timeout=2 * window)
    return cache.incr(key), window - second


def wait(name: str, limit: int, now: float | None = None) -> int:
    """Count one use of ``name``; give 0 if it may go on, else the seconds until the next minute.

    ``limit`` is the uses in a minute. A cache that can't count lets nobody on.
    """
    try:
        used, seconds = count(name, now)
    except Exception:
        used, seconds = limit + 1, 60
    return seconds if used > limit else 0
