"""Store the generation's token in Redis, for several machines."""

from __future__ import annotations

import logging
import os
import time

import redis

from .tokens import SIZE

log = logging.getLogger(__name__)


class RedisToken:
    """A key in Redis, for every machine that has the same REDIS_URL and database name.

    After a failure Redis is not asked for ``REST`` seconds, so that it slows one request and not
    all of them. A change that could not be written is written as soon as Redis is back.
    """

    TIMEOUT = 0.25  # seconds; Redis answers within 1 ms nearby, within a few ms from far away
    REST = 5.0

    def __init__(self, url: str, key: str, options: dict[str, object] | None = None) -> None:
        self.key = key
        self._untold = False
        self._rest_until = 0.0
        timeouts = {"socket_timeout": self.TIMEOUT, "socket_connect_timeout": self.TIMEOUT}
        self._redis = redis.Redis.from_url(url, **{**(options or {}), **timeouts})

    def read(self) -> bytes | None:
        if time.monotonic() < self._rest_until:
            return None
        try:
            if self._untold:
                self._tell()
            value = self._redis.get(self.key)
            if value is None:
                self._redis.set(self.key, os.urandom(SIZE), nx=True)
                value = self._redis.get(self.key)
            return value
        except redis.RedisError as error:
            self._rest(error)
            return None

    def change(self) -> None:
        self._untold = True
        if time.monotonic() < self._rest_until:
            return
        try:
            self._tell()
        except redis.RedisError as error:
            self._rest(error)

    def _tell(self) -> None:
        self._untold = False
        try:
            self._redis.set(self.key, os.urandom(SIZE))
        except redis.RedisError:
            self._untold = True
            raise

    def _rest(self, error: redis.RedisError) -> None:
        self._rest_until = time.monotonic() + self.REST
        log.warning("Redis doesn't answer; pages are made anew for %g s: %s", self.REST, error)
