"""Decode one picture at a time on a machine, and let only half of a process's threads wait."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

# This file exists wherever the code does, even on a full or read-only disk. The kernel frees the
# lock when its holder ends: flock(2). Each container has its own file system, and so its own lock,
# as it has its own memory.
LOCK = Path(__file__)
# The other half of the threads goes on serving pages while pictures wait.
_places = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))


class Busy(Exception):
    """No picture can be decoded now; try again in some seconds."""


@contextmanager
def place() -> Iterator[None]:
    """Count this thread among those that wait for a picture; raise Busy if too many do."""
    if not _places.acquire(blocking=False):
        raise Busy("as many pictures as may wait in this process wait already")
    try:
        yield
    finally:
        _places.release()


@contextmanager
def turn(patience: float, pause: float) -> Iterator[int]:
    """Hold the machine's lock for decoding; yield its file descriptor.

    A child that inherits the descriptor holds the lock until it ends, even if this process dies.
    The lock is tried every ``pause`` seconds: a long pause lets others go first. Raise Busy
    after ``patience`` seconds.
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
