"""Where the generation's token lives: in this process, or in a file of this machine."""

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

SIZE = 8  # one machine word: a reader never sees half of a change


class Token(Protocol):
    """A random value that changes when it is told to."""

    def read(self) -> bytes | None:
        """Return the value; None when it can't be told. Never raises."""

    def change(self) -> None:
        """Put another value in its place, for everyone who reads it. Never raises."""


class MemoryToken:
    """For a database that lives in this process alone."""

    def __init__(self) -> None:
        self.change()

    def read(self) -> bytes:
        return self._value

    def change(self) -> None:
        self._value = os.urandom(SIZE)


class NoToken:
    """Nothing can be kept, since nobody could be told that it has changed."""

    def read(self) -> None:
        return None

    def change(self) -> None:
        pass


class FileToken:
    """A file that every process of this machine has mapped into its memory.

    Raises OSError when the file can't be made, or is in a folder that any user could have put
    there.
    """

    LOOK_AGAIN = 1.0  # seconds: how long a file that was deleted and made anew goes unnoticed

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
        """Map the file again if another has taken its place (a cleaner of temporary files)."""
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
    """Make the folder if it isn't there; refuse one that any user could have put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    anyones = (found.st_mode | folder.parent.stat().st_mode) & stat.S_IWOTH
    if found.st_uid not in (os.getuid(), 0) and anyones:
        raise PermissionError(f"{folder} is open to every user, or another one's")


def first_usable(paths: list[Path]) -> Token:
    """Return the token of the first path that can be written, else one that keeps nothing."""
    faults = []
    for path in paths:
        try:
            return FileToken(path)
        except OSError as error:
            faults.append(str(error))
    log.warning("The page cache is off, since no file for it can be written: %s", faults)
    return NoToken()
