"""One release at a time on a database: an advisory lock, freed when its holder ends or dies."""

from __future__ import annotations

import fcntl
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import ContextManager, TextIO

from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

Say = Callable[[str], None]

KEY = zlib.crc32(b"orange county lettings: release")
# EX_TEMPFAIL, "try again later": sysexits.h
EX_TEMPFAIL = 75
LOOK_AGAIN = 0.5  # seconds
REMIND = 30  # seconds
CONNECT_ATTEMPTS = 5

TRY = "SELECT pg_try_advisory_lock(%s)"
# https://www.postgresql.org/docs/current/view-pg-locks.html: how a bigint key is shown there.
HOLDER = """
    SELECT format('%%s, process %%s, connected since %%s', application_name, pid,
                  to_char(backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS "UTC"'))
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = %s AND objsubid = 1
"""


def release_lock(connection: BaseDatabaseWrapper, wait: float, say: Say) -> ContextManager[None]:
    """Hold the database's release lock; wait for it up to ``wait`` seconds, and print that.

    Raise CommandError with exit code 75 if another release still holds it then.
    """
    if connection.vendor == "postgresql":
        return _postgresql_lock(connection, wait, say)
    if connection.is_in_memory_db():
        return nullcontext()
    return _file_lock(Path(f"{connection.settings_dict['NAME']}-release"), wait, say)


def connect(connection: BaseDatabaseWrapper, say: Say, pause: float = 1) -> None:
    """Connect, with a few more attempts: a new database needs a moment to start."""
    for attempt in range(1, CONNECT_ATTEMPTS + 1):
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            if attempt == CONNECT_ATTEMPTS:
                raise CommandError(
                    f"The database gives no connection: {str(error).strip()}\n"
                    "  why: nothing can be migrated, and nothing was changed\n"
                    "  fix: see that the server of DATABASE_URL runs, and takes this user"
                ) from error
            say("the database gives no connection yet; trying again")
            time.sleep(pause * 2 ** (attempt - 1))


@contextmanager
def _postgresql_lock(connection: BaseDatabaseWrapper, wait: float, say: Say) -> Iterator[None]:
    """Hold the lock on its own connection, which no migration can close or reset."""
    own = connection.copy()
    own.settings_dict["OPTIONS"].pop("pool", None)
    with closing(own):
        connect(own, say)
        with own.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('application_name', %s, false)",
                [f"release {settings.RELEASE[:12]}"],
            )

            def taken() -> bool:
                cursor.execute(TRY, [KEY])
                return cursor.fetchone()[0]

            def holder() -> str:
                cursor.execute(HOLDER, [KEY])
                return ", ".join(row[0] for row in cursor.fetchall()) or "gone this moment"

            _wait_for(taken, holder, wait, say)
            yield
            # Closing the connection frees the lock too, but a moment later.
            cursor.execute("SELECT pg_advisory_unlock(%s)", [KEY])


@contextmanager
def _file_lock(path: Path, wait: float, say: Say) -> Iterator[None]:
    """Hold a lock on a file beside the database: SQLite is on one machine."""
    with path.open("a+") as file:
        _wait_for(lambda: _locked(file), lambda: path.read_text().strip(), wait, say)
        file.truncate(0)
        file.write(f"release {settings.RELEASE[:12]}\n")
        file.flush()
        yield


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for(taken: Callable[[], bool], holder: Callable[[], str], wait: float, say: Say) -> None:
    end = time.monotonic() + wait
    remind_at = 0.0
    while not taken():
        now = time.monotonic()
        if now > end:
            raise CommandError(
                f"Another release still migrates this database after {wait:g} s ({holder()}).\n"
                "  why: two at once would run the same migrations twice; nothing was changed\n"
                "  fix: look at that release's output; when it is over, release again",
                returncode=EX_TEMPFAIL,
            )
        if now >= remind_at:
            say(f"another release is at work ({holder()}); waiting up to {end - now:.0f} s")
            remind_at = now + REMIND
        time.sleep(LOOK_AGAIN)
