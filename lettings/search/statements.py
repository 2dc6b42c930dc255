"""Run SQL statements, for both kinds of database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper


class Words(NamedTuple):
    """What the index has of a letting: its words by their rank, its city and state as compared."""

    letting_id: int
    address_id: int | None
    title: str
    place: str
    description: str
    city: str
    state: str


def run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    """Run SQL statements, one after the other."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
