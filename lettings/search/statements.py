"""Run SQL statements, for both kinds of database."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper


def run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    """Run SQL statements, one after the other."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
