"""Store the generation's token: in this process, or in a file of this machine."""

from __future__ import annotations

import logging
import mmap
import os
import stat
import threading
import time
from pathlib import Path
from typing import Protocol

log = logging.getLogger(__name__)

SIZE = 8  # one machine word: a reader never sees half a change


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
