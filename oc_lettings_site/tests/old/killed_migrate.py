"""Run ``migrate`` and kill it before the given statement, as a power cut would.

    python -m oc_lettings_site.tests.old.killed_migrate DATABASE_URL STATEMENT [URL STATEMENT ...]

Each pair gets a process of its own, forked from one that has started Django. Exits with 1 if
one of them came to its end alive.

One statement is let pass, and the next one killed: where a migration put an index off to its end,
Django notes the migration after its transaction, and not in it. docs/upgrade.md says what to type
when a power cut met just that moment.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import dj_database_url
import django
from django.core.management import call_command
from django.db import connection, connections


def main(arguments: list[str]) -> int:
    """Kill one migrate for each pair."""
    django.setup()
    killed = [
        migrate_until(url, int(statement)) == -signal.SIGKILL
        for url, statement in zip(arguments[::2], arguments[1::2])
    ]
    return 0 if all(killed) else 1


def migrate_until(url: str, statement: int) -> int:
    """Return how a forked process ended that was killed before that statement, counted from 0."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connections.settings["default"].update(dj_database_url.parse(url))
    left = statement

    def count(execute: Any, sql: str, *arguments: Any) -> Any:
        nonlocal left
        notes = (
            sql.startswith('INSERT INTO "django_migrations"') and not connection.in_atomic_block
        )
        if left <= 0 and not notes:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return execute(sql, *arguments)

    with connection.execute_wrapper(count):
        call_command("migrate", interactive=False, verbosity=0)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
