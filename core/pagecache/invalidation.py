"""The generation: a token that stays the same for as long as the public data does.

To cache something made from public data, read the token *before* the data, store both, and drop
both when the token has changed. No list of entries is needed, and a page that was rendered while
the data changed can't survive under the new token.

The token is in this process, in a file of this machine, or in Redis (redis_token.py).
"""

from __future__ import annotations

import hashlib
import logging
import mmap
import os
import stat
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)

SIZE = 8  # one machine word: a reader never sees half a change


def generation() -> bytes | None:
    """Return the token of the public data's current state; about a microsecond without Redis.

    Read it before the data. None means that it is unknown now (Redis is down, or no file can
    be written): then cache nothing. Every process of this machine sees the same token, and with
    REDIS_URL every machine does.
    """
    return _token().read()


def empty() -> None:
    """Drop every cached page, on every machine. Never raise.

    Django's own writes do this when they are committed; call it after writes
    that Django can't see, such as PostgreSQL's COPY.
    """
    _token().change()


@cache
def _token() -> Token:
    name = str(connection.settings_dict["NAME"])
    if settings.REDIS_URL:
        # The library takes half a second to import, in every command.
        from .redis_token import RedisToken

        options = settings.CACHES["default"].get("OPTIONS", {})
        return RedisToken(settings.REDIS_URL, f"oc_lettings:{name}:generation", options)
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        return MemoryToken()
    return first_usable(_paths(name))


def _paths(name: str) -> list[Path]:
    """Return the possible paths of the token's file; the first writable one is used."""
    if connection.vendor == "sqlite":
        # A process that writes the database can write next to it (SQLite's journal is there).
        return [Path(f"{name}-generation")]
    digest = hashlib.sha256(
        repr([connection.settings_dict[key] for key in ("HOST", "PORT", "NAME")]).encode()
    ).hexdigest()[:16]
    # The code's folder may be read-only; then a private folder of this user.
    private = Path(tempfile.gettempdir()) / f"oc_lettings-{os.getuid()}"
    return [folder / f"generation-{digest}" for folder in (settings.BASE_DIR / "var", private)]


class Token(Protocol):
    """A random value, replaced by another on ``change``."""

    def read(self) -> bytes | None:
        """Return the value; None when it is unknown. Never raise."""

    def change(self) -> None:
        """Replace the value, for every reader. Never raise."""


class MemoryToken:
    """A token in memory, for a database in this process only."""

    def __init__(self) -> None:
        self.change()

    def read(self) -> bytes:
        return self._value

    def change(self) -> None:
        self._value = os.urandom(SIZE)


class NoToken:
    """No token: nothing can be cached, because no change could be announced."""

    def read(self) -> None:
        return None

    def change(self) -> None:
        pass


class FileToken:
    """A token in a file that every process of this machine maps into memory.

    Raise OSError if the file can't be made, or if any user could have made its folder.
    """

    LOOK_AGAIN = 1.0  # seconds until a file that was deleted and made again is noticed

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._map()

    def read(self) -> bytes | None:
        if time.monotonic() > self._look_again_at:
            self._follow()
        return self._mapped[:SIZE] if self._inode else None

    def change(self) -> None:
        self._follow()
        self._mapped[:SIZE] = os.urandom(SIZE)

    def _follow(self) -> None:
        """Map the file again if another has replaced it (after a cleanup of temporary files)."""
        with self._lock:
            try:
                if not self.path.exists() or self.path.stat().st_ino != self._inode:
                    self._map()
            except OSError as error:
                self._inode = 0
                log.warning("The page cache is off: %s: %s", self.path, error)
            self._look_again_at = time.monotonic() + self.LOOK_AGAIN

    def _map(self) -> None:
        _make_private(self.path.parent)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o660)
        try:
            if os.fstat(handle).st_size < SIZE:
                os.pwrite(handle, os.urandom(SIZE), 0)
            self._inode = os.fstat(handle).st_ino
            self._mapped = mmap.mmap(handle, SIZE)
        finally:
            os.close(handle)
        self._look_again_at = time.monotonic() + self.LOOK_AGAIN


def _make_private(folder: Path) -> None:
    """Make the folder if it isn't there; raise OSError if another user could have made it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    anyones = (found.st_mode | folder.parent.stat().st_mode) & stat.S_IWOTH
    if found.st_uid not in (os.getuid(), 0) and anyones:
        raise PermissionError(f"{folder} is open to every user, or another one's")


def first_usable(paths: list[Path]) -> Token:
    """Return the token of the first writable path, or else NoToken."""
    faults = []
    for path in paths:
        try:
            return FileToken(path)
        except OSError as error:
            faults.append(str(error))
    log.warning("The page cache is off, since no file for it can be written: %s", faults)
    return NoToken()
