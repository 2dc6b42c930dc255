"""Migrate while the site goes on serving: wait for no lock longer than lock_timeout."""

from __future__ import annotations

import time

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from .lock import Say

ATTEMPTS = 5
# lock_not_available and deadlock_detected:
# https://www.postgresql.org/docs/current/errcodes-appendix.html
LOCKED = {"55P03", "40P01"}
# The likely holders of the lock: the transactions that are open longest.
BLOCKERS = """
    SELECT format('process %s (%s, %s) has a transaction open for %s s: '
                  'SELECT pg_terminate_backend(%s);',
                  pid, coalesce(nullif(application_name, ''), usename), state,
                  round(extract(epoch FROM now() - xact_start)), pid)
    FROM pg_stat_activity
    WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database()
    ORDER BY xact_start LIMIT 5
"""


def pending(connection: BaseDatabaseWrapper) -> list[Migration]:
    """Return the migrations of this code that the database lacks, in their order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, backwards in plan]


def lift_time_limits(connection: BaseDatabaseWrapper) -> str:
    """Remove this connection's time limits for statements; return the lock_timeout, which stays.

    The other limits are for requests; moving the rows of a large table takes longer.
    """
    if connection.vendor != "postgresql":
        return f"{connection.settings_dict['OPTIONS'].get('timeout', 5)} s"
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


def migrate(connection: BaseDatabaseWrapper, say: Say, pause: float = 2) -> None:
    """Apply the pending migrations; retry after a lock time-out, ``ATTEMPTS`` times in all.

    ``pause`` is the seconds before the second attempt; each later one waits twice as long. Raise
    CommandError if the lock is still not free, and whatever a migration itself raises.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return call_command("migrate", interactive=False, database=connection.alias)
        except OperationalError as error:
            if not _is_lock(error):
                raise
            stuck = pending(connection)[0]
            if attempt == ATTEMPTS or not stuck.atomic:
                raise CommandError(_no_lock(connection, stuck, attempt)) from error
            say(f"{stuck} waits for a lock that a transaction holds; again in {pause:g} s")
            time.sleep(pause)
            pause *= 2


def _is_lock(error: OperationalError) -> bool:
    return (
        getattr(error.__cause__, "sqlstate", None) in LOCKED or "database is locked" in f"{error}"
    )


def _no_lock(connection: BaseDatabaseWrapper, stuck: Migration, attempts: int) -> str:
    words = [
        f"{stuck} got no lock on its table in {attempts} attempt{'s' if attempts > 1 else ''}.",
        "  why: waiting longer would hold up every visitor behind it; what it began is undone,",
        "       the migrations before it stay, and the release that runs goes on",
        "  fix: end what holds the lock, then release again",
    ]
    if not stuck.atomic:
        words[1:3] = [
            "  why: it runs outside a transaction, so that a second try may trip over the first:",
            "       an index that PostgreSQL marks INVALID (\\d in psql) must be dropped by hand",
        ]
    return "\n".join(words + [f"       {line}" for line in _blockers(connection)])


def _blockers(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(BLOCKERS)
        return [row[0] for row in cursor.fetchall()]
