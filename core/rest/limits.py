"""The API's rate limit, in the headers of the IETF draft.

https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from ..web import rate_limits
from .problems import Problem

log = logging.getLogger(__name__)

# Requests per minute. Answers of the page cache are not counted: they are cheap.
BY_ADDRESS = 120
BY_TOKEN = 600


@dataclass(frozen=True)
class Use:
    """One use of a limit: requests allowed per minute, made so far; seconds to the next minute."""

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
        response["RateLimit-Policy"] = f'"{self.name}";q={self.limit};w=60'
        response["RateLimit"] = f'"{self.name}";r={left};t={self.seconds}'


def use(request: HttpRequest, token_id: object = None) -> Use | None:
    """Count a request for its token, or else for its IP address.

    Return None if the cache can't count: the API must work while Redis is down.
    """
    name, limit, key = "address", BY_ADDRESS, rate_limits.household(request)
    if token_id is not None:
        name, limit, key = "token", BY_TOKEN, token_id
    try:
        used, seconds = rate_limits.count(f"api:{name}:{key}")
    except Exception:
        log.warning("The cache can't count; the API is without limits", exc_info=True)
        return None
    return Use(name, limit, used, seconds)
