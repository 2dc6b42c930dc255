"""Store the generation's token in Redis, for several machines."""

from __future__ import annotations

import logging
import os

import redis

from ..circuit_breaker import CircuitBreaker
from .invalidation import SIZE

log = logging.getLogger(__name__)


class RedisToken:
    """A key in Redis, for every machine that has the same REDIS_URL and database name.

    A change that could not be written is written as soon as Redis is back.
    """

    TIMEOUT = 0.25  # seconds; Redis answers within 1 ms nearby, within a few ms from far away

    def __init__(self, url: str, key: str, options: dict[str, object] | None = None) -> None:
        self.key = key
        self._untold = False
        self._breaker = CircuitBreaker(pause=5.0)
        timeouts = {"socket_timeout": self.TIMEOUT, "socket_connect_timeout": self.TIMEOUT}
        self._redis = redis.Redis.from_url(url, **{**(options or {}), **timeouts})

    def read(self) -> bytes | None:
        if self._breaker.is_open():
            return None
        try:
            with self._breaker.watch(redis.RedisError):
                return self._value()
        except redis.RedisError as error:
            self._warn(error)
            return None

    def change(self) -> None:
        self._untold = True
        if self._breaker.is_open():
            return
        try:
            with self._breaker.watch(redis.RedisError):
                self._tell()
        except redis.RedisError as error:
            self._warn(error)

    def _value(self) -> bytes | None:
        if self._untold:
            self._tell()
        value = self._redis.get(self.key)
        if value is None:
            self._redis.set(self.key, os.urandom(SIZE), nx=True)
            value = self._redis.get(self.key)
        return value

    def _tell(self) -> None:
        self._untold = False
        try:
            self._redis.set(self.key, os.urandom(SIZE))
        except redis.RedisError:
            self._untold = True
            raise

    def _warn(self, error: redis.RedisError) -> None:
        words = "Redis doesn't answer; pages are made anew for %g s: %s"
        log.warning(words, self._breaker.pause, error)
