"""Pictures are decoded one at a time on a machine, and no process waits with all its threads."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

# A file that is there wherever the code is, even on a full or read-only disk. The lock is the
# kernel's and ends with whoever holds it: flock(2). A container has a file system, and so a turn,
# of its own, as it has memory of its own.
LOCK = Path(__file__)
# The other half goes on serving pages while pictures wait.
_places = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))


class Busy(Exception):
    """No picture can be decoded just now; the same one can in some seconds."""


@contextmanager
def place() -> Iterator[None]:
    """Take one of the threads that may wait for a picture; raise Busy if all of them do."""
    if not _places.acquire(blocking=False):
        raise Busy("as many pictures as may wait in this process wait already")
    try:
        yield
    finally:
        _places.release()


@contextmanager
def turn(patience: float, pause: float) -> Iterator[int]:
    """Hold the machine's turn; yield the file descriptor of the lock.

    A child that inherits it holds the turn until its end, whatever becomes of this process.
    It is tried every ``pause`` seconds: who pauses long lets others go first. Raise Busy after
    ``patience`` seconds.
    """
    end = time.monotonic() + patience
    lock = os.open(LOCK, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while not _locked(lock):
            if time.monotonic() > end:
                raise Busy(f"other pictures took all of {patience} s")
            time.sleep(pause)
        yield lock
    finally:
        os.close(lock)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
