"""No night of a letting is booked twice: a database constraint, which holds in any race.

PostgreSQL has exclusion constraints. A range of one number stands for equality, so that the
server needs no extension (btree_gist):
https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-EXCLUSION
SQLite has triggers, and one writer at a time. Ranges are half open: one
guest may arrive on the day that another leaves.
"""

from __future__ import annotations

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

NAME = "enquiries_no_night_twice"
CONSTRAINT = (
    f"ALTER TABLE enquiries_enquiry ADD CONSTRAINT {NAME} EXCLUDE USING gist ("
    "int8range(letting_id, letting_id, '[]') WITH &&, daterange(arrive, leave) WITH &&)"
    " WHERE (state = 'booked' AND letting_id IS NOT NULL)"
)
TRIGGER = (
    "CREATE TRIGGER {name} BEFORE {event} ON enquiries_enquiry WHEN NEW.state = 'booked'"
    " BEGIN SELECT RAISE(ABORT, '{name}') WHERE EXISTS (SELECT 1 FROM enquiries_enquiry"
    " WHERE letting_id = NEW.letting_id AND state = 'booked' AND id IS NOT NEW.id"
    " AND arrive < NEW.leave AND leave > NEW.arrive); END"
)
EVENTS = {f"{NAME}_insert": "INSERT", f"{NAME}_update": "UPDATE"}


def keep(using: str, **kwargs: object) -> None:
    """Receive ``post_migrate``: create the constraint if it is missing.

    On SQLite, a migration that remakes the table drops its triggers.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if "enquiries_enquiry" not in connection.introspection.table_names(cursor):
            return
        for statement in missing(connection):
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the statements that create what is missing."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [NAME])
            return [] if cursor.fetchone() else [CONSTRAINT]
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}
    return [
        TRIGGER.format(name=name, event=event)
        for name, event in EVENTS.items()
        if name not in there
    ]
