"""Limits of traffic, counted in the cache that may forget at any time.

What must hold is counted in the database: ratelimits.hits.
"""

from __future__ import annotations

import time
from ipaddress import ip_address, ip_network

from django.core.cache import caches
from django.http import HttpRequest
from django.utils.connection import ConnectionProxy

cache = ConnectionProxy(caches, "shared")
UNKNOWN = "unknown"


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


def household(request: HttpRequest) -> str:
    """Return who asks: an address of IPv4, or of IPv6 the network of 2**64 that one customer has.

    The address is the one that stack.py takes from trusted proxies alone.
    """
    try:
        found = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return UNKNOWN  # a server behind a socket, with no proxy declared
    if found.version == 4:
        return str(found)
    # A server that listens for both writes IPv4 so; they are not one network.
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
