"""Keyset pagination: every page costs what the first one costs, however deep it is.

A mark (a cursor) is the position of one row in an order. The next page starts after it, so a row
that is added or deleted in between neither repeats nor hides another:
https://use-the-index-luke.com/no-offset
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import BooleanField, Func, Model, QuerySet, Value
from django.db.models.expressions import Combinable


class RowCompare(Func):
    """``(a, b) < (x, y)``: the row comes before that position in the order."""

    output_field = BooleanField()

    def __init__(self, left: list[Any], operator: str, right: list[Any]) -> None:
        if operator not in ("<", ">"):
            raise ValueError(f"not a comparison of rows: {operator}")
        super().__init__(*left, *(Value(value) for value in right), operator=operator)

    def as_sql(self, compiler, connection, **extra):
        parts = [compiler.compile(part) for part in self.source_expressions]
        texts = [text for text, _ in parts]
        half = len(texts) // 2
        left, right = ", ".join(texts[:half]), ", ".join(texts[half:])
        params = [param for _, given in parts for param in given]
        return f"(({left}) {self.extra['operator']} ({right}))", params


@dataclass(frozen=True)
class Key:
    """One part of an order: its expression, a row's value, and how a mark writes that value."""

    expression: str | Combinable
    of: Callable[[Model], Any]
    write: Callable[[Any], str] = str
    read: Callable[[str], Any] = int


@dataclass(frozen=True)
class Order:
    """An order of rows in which no two are equal: the last key settles ties."""

    keys: tuple[Key, ...]
    descending: bool

    def apply(self, rows: QuerySet, *, backwards: bool = False) -> QuerySet:
        """Return the rows in this order, or in the opposite one."""
        rows, names = self._named(rows)
        sign = "-" if self.descending != backwards else ""
        return rows.order_by(*(sign + name for name in names))

    def beyond(self, rows: QuerySet, place: list[Any], *, backwards: bool = False) -> QuerySet:
        """Return the rows after a position, or those before it with the nearest first."""
        rows, names = self._named(rows)
        operator = "<" if self.descending != backwards else ">"
        if len(names) == 1:
            lookup = {"<": "lt", ">": "gt"}[operator]
            rows = rows.filter(**{f"{names[0]}__{lookup}": place[0]})
        else:
            rows = rows.filter(RowCompare(names, operator, place))
        return self.apply(rows, backwards=backwards)

    def after(self, rows: QuerySet, mark: str, size: int) -> tuple[list[Any], str]:
        """Return the ``size`` rows after a mark ("" for the first), and the mark of the next.

        The mark of the next is "" at the end. Raise ValueError for an invalid mark.
        """
        rows = self.beyond(rows, self.place(mark)) if mark else self.apply(rows)
        return self.cut(list(rows[: size + 1]), size)

    def cut(self, found: list[Any], size: int) -> tuple[list[Any], str]:
        """Return the rows that fit, and the mark of the next; ``found`` has one row more."""
        shown = found[:size]
        return shown, self.mark(shown[-1]) if len(found) > size else ""

    def mark(self, row: Model) -> str:
        """Return the mark of a row's position."""
        return ".".join(key.write(key.of(row)) for key in self.keys)

    def place(self, mark: str) -> list[Any]:
        """Return the position of a mark; raise ValueError if it is not one of this order."""
        parts = mark.split(".", len(self.keys) - 1)
        if len(parts) != len(self.keys):
            raise ValueError(f"{len(self.keys)} parts expected, {len(parts)} found")
        return [key.read(part) for key, part in zip(self.keys, parts, strict=True)]

    def _named(self, rows: QuerySet) -> tuple[QuerySet, list[str]]:
        names = []
        for number, key in enumerate(self.keys):
            if isinstance(key.expression, str):
                names.append(key.expression)
            else:
                names.append(f"order_{number}")
                rows = rows.alias(**{names[-1]: key.expression})
        return rows, names


def read_id(text: str) -> int:
    """Return a primary key; raise ValueError if the text is none that a database can hold."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError(f"not an id: {text}")
    return int(text)


def write_moment(moment: datetime) -> str:
    """Return the text of a moment to the microsecond, in UTC.

    >>> write_moment(datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    '20261121T093000000000Z'
    """
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"


def read_moment(text: str) -> datetime:
    """Return the moment that write_moment wrote; raise ValueError for any other text."""
    if not re.fullmatch(r"[0-9]{8}T[0-9]{12}Z", text):
        raise ValueError(f"not a moment: {text}")
    return datetime.strptime(text, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
