"""Rate limits of traffic, counted in the cache, which may lose entries at any time.

Limits that must hold are counted in the database: ratelimits.hits.
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
    """Count one use of ``name``; return the uses in this minute, and the seconds left of it.

    ``window`` is in seconds; windows start at multiples of it, such as full minutes.

    With Redis, all processes share the count; without, each has its own. Raise what the cache
    raises.
    """
    number, second = divmod(int(time.time() if now is None else now), window)
    key = f"throttle:{name}:{number}"
    cache.add(key, 0, timeout=2 * window)
    return cache.incr(key), window - second


def wait(name: str, limit: int, now: float | None = None) -> int:
    """Count one use of ``name``; return 0 if allowed, else the seconds until the next minute.

    ``limit`` is the uses per minute. If the cache can't count, nothing is allowed.
    """
    try:
        used, seconds = count(name, now)
    except Exception:
        used, seconds = limit + 1, 60
    return seconds if used > limit else 0


def household(request: HttpRequest) -> str:
    """Return the client's IPv4 address, or its IPv6 network of 64 bits, which one customer has.

    wsgi_middleware.py takes the address from trusted proxies only.
    """
    try:
        found = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return UNKNOWN  # a server behind a socket, with no proxy declared
    if found.version == 4:
        return str(found)
    # A dual-stack server writes IPv4 addresses like this; they are not one network.
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
