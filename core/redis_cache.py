"""A cache in Redis for a site that goes on working without Redis."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends import redis as django_redis
from redis.exceptions import RedisError

from .circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)

breaker = CircuitBreaker(pause=5.0)  # Django makes a cache for each thread; this is for all


def forgiving(name: str, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """Return a cache method that returns ``otherwise(...)`` while Redis does not answer."""
    method = getattr(django_redis.RedisCache, name)

    @wraps(method)
    def call(self: RedisCache, *args: Any, **options: Any) -> Any:
        if not breaker.is_open():
            try:
                with breaker.watch(RedisError):
                    return method(self, *args, **options)
            except RedisError as error:
                words = "Redis doesn't answer; for %g s nothing is cached: %s"
                log.warning(words, breaker.pause, error)
        return otherwise(*args, **options)

    return call


def _nothing_to_count(key: str, *args: Any, **options: Any) -> int:
    raise ValueError(f"Key '{key}' not found")  # Django's error for a missing key


class RedisCache(django_redis.RedisCache):
    """Django's cache; while Redis does not answer, it acts as a cache that stores nothing.

    Limits that must hold are counted in the database (ratelimits) and not here.
    """

    add = forgiving("add", lambda *args, **options: True)
    get = forgiving("get", lambda key, default=None, version=None: default)
    set = forgiving("set", lambda *args, **options: None)
    touch = forgiving("touch", lambda *args, **options: False)
    delete = forgiving("delete", lambda *args, **options: False)
    get_many = forgiving("get_many", lambda *args, **options: {})
    has_key = forgiving("has_key", lambda *args, **options: False)
    incr = forgiving("incr", _nothing_to_count)
    set_many = forgiving("set_many", lambda data, *args, **options: list(data))
    delete_many = forgiving("delete_many", lambda *args, **options: None)
