"""The API's rate limit: per minute, in the headers of the IETF draft.

https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10

It is counted in the cache, which may lose entries at any time: with Redis all processes share the
count, without it each has its own. Limits that must hold are counted in the database:
ratelimits.hits. The library limits would bring a second client of Redis, without the circuit
breaker of core.redis_cache: https://limits.readthedocs.io/en/stable/storage.html
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.connection import ConnectionProxy

from ..web.client_address import household
from .problems import Problem

log = logging.getLogger(__name__)
cache = ConnectionProxy(caches, "shared")

WINDOW = 60  # seconds; windows are full minutes
# Requests per window. Answers of the page cache are not counted: they are cheap.
BY_ADDRESS = 120
BY_TOKEN = 600


@dataclass(frozen=True)
class Use:
    """One use of a limit: requests allowed per window, made so far; seconds to the next window."""

    name: str
    limit: int
    used: int
    seconds: int

    def problem(self) -> Problem | None:
        """Return Problem 429 if this request is one too many."""
        if self.used <= self.limit:
            return None
        return Problem(429, headers={"Retry-After": str(self.seconds)})

    def tell(self, response: HttpResponse) -> None:
        """Set the RateLimit headers."""
        left = max(0, self.limit - self.used)
        response["RateLimit-Policy"] = f'"{self.name}";q={self.limit};w={WINDOW}'
        response["RateLimit"] = f'"{self.name}";r={left};t={self.seconds}'


def use(request: HttpRequest, token_id: object = None) -> Use | None:
    """Count a request for its token, or else for its network address.

    Return None if the cache can't count: the API must work while Redis is down.
    """
    name, limit, key = "address", BY_ADDRESS, household(request)
    if token_id is not None:
        name, limit, key = "token", BY_TOKEN, token_id
    try:
        used, seconds = _count(f"api:{name}:{key}")
    except Exception:
        log.warning("The cache can't count; the API is without limits", exc_info=True)
        return None
    return Use(name, limit, used, seconds)


def _count(name: str) -> tuple[int, int]:
    """Count one use; return the uses in this window, and the seconds left of it."""
    number, second = divmod(int(time.time()), WINDOW)
    key = f"throttle:{name}:{number}"
    cache.add(key, 0, timeout=2 * WINDOW)
    return cache.incr(key), WINDOW - second
