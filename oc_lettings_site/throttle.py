"""Limits how often something may happen, for all visitors together."""

from __future__ import annotations

import time

from django.core.cache import cache


def wait(name: str, limit: int, now: float | None = None) -> int:
    """Count one use of ``name``; give 0 if it may go on, else the seconds until the next minute.

    ``limit`` is the uses in a minute of the clock. The count is in the cache: shared by everyone
    with Redis, kept by each process without. A cache that can't count lets nobody on.
    """
    minute, second = divmod(int(time.time() if now is None else now), 60)
    key = f"throttle:{name}:{minute}"
    try:
        cache.add(key, 0, timeout=120)
        used = cache.incr(key)
    except Exception:
        used = limit + 1
    return 60 - second if used > limit else 0
