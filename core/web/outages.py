"""Recognise an outage: the database or the storage of files can't be used for a while.

The code and the request are right, and the same request will work a little later. The answer to
such an error is 503 (RFC 9110, section 15.6.4) instead of 500: errors.server_error.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from ..files.storage import StorageAway

RETRY_AFTER = 10  # seconds: a fail-over or a restart takes no longer as a rule
# https://www.postgresql.org/docs/current/errcodes-appendix.html
DISK_FULL, READ_ONLY = "53100", "25006"
LOCK_NOT_AVAILABLE = "55P03"
# A primary result code is the last byte of an extended one: https://www.sqlite.org/rescode.html
SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}
# EFBIG: the process reached its limit on file size, getrlimit(2).
FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
BROKEN_DISK = {
    errno.EACCES,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.EPERM,
    errno.EROFS,
    errno.ESTALE,
}


@dataclass(frozen=True)
class Outage:
    """What can't be used; ``is_full``: the disk is full, and somebody has to free space."""

    of_database: bool
    is_full: bool = False


def find(error: BaseException | None) -> Outage | None:
    """Return the outage that an error or one of its causes means, or None."""
    for each in _causes(error):
        found = _of_database(each) if isinstance(each, DatabaseError | InterfaceError) else None
        found = found or (_of_files(each) if isinstance(each, OSError) else None)
        if found:
            return found
    return None


def is_lock(error: DatabaseError) -> bool:
    """Return whether the error is a lock time-out: another transaction held the lock too long."""
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return code == sqlite3.SQLITE_BUSY or getattr(cause, "sqlstate", "") == LOCK_NOT_AVAILABLE


def leave_connections() -> None:
    """Close this thread's connections to PostgreSQL: their server may be gone.

    After a fail-over the old server may still run and refuse every write. The pool discards a
    closed connection.
    """
    for connection in connections.all(initialized_only=True):
        idle = connection.connection and not connection.in_atomic_block
        if connection.vendor == "postgresql" and idle:
            connection.connection.close()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        # Django raises the same error for a session that can't be written and one that is gone.
        is_session = isinstance(error, SessionInterrupted | UpdateError)
        error = error.__context__ if is_session else error.__cause__


def _of_database(error: Exception) -> Outage | None:
    """PEP 249: an OperationalError is "not necessarily under the control of the programmer".

    SQLite's driver also raises it for our own faults, such as a missing table.
    """
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return Outage(True, code == sqlite3.SQLITE_FULL) if code in SQLITE else None
    state = getattr(cause, "sqlstate", None)
    if isinstance(error, OperationalError | InterfaceError) or state == READ_ONLY:
        return Outage(True, state == DISK_FULL)
    return None


def _of_files(error: OSError) -> Outage | None:
    if error.errno in FULL_DISK:
        return Outage(False, True)
    if isinstance(error, StorageAway) or error.errno in BROKEN_DISK:
        return Outage(False)
    return None
