"""A cache in Redis for a site that goes on working without Redis."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends import redis as django_redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

REST = 5.0  # seconds for which a Redis that did not answer is not asked again


def forgiving(name: str, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """Return a cache method that returns ``otherwise(...)`` while Redis does not answer."""
    method = getattr(django_redis.RedisCache, name)

    @wraps(method)
    def call(self: RedisCache, *args: Any, **options: Any) -> Any:
        if time.monotonic() >= RedisCache.rest_until:
            try:
                return method(self, *args, **options)
            except RedisError as error:
                RedisCache.rest_until = time.monotonic() + REST
                log.warning("Redis doesn't answer; for %g s nothing is cached: %s", REST, error)
        return otherwise(*args, **options)

    return call


def _nothing_to_count(key: str, *args: Any, **options: Any) -> int:
    raise ValueError(f"Key '{key}' not found")  # Django's error for a missing key


class RedisCache(django_redis.RedisCache):
    """Django's cache; while Redis does not answer, it acts as a cache that stores nothing.

    Limits that must hold are counted in the database (ratelimits) and not here.
    """

    rest_until = 0.0

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
