"""Keyset pagination: every page costs what the first one costs, however deep it is.

A page's address is ``3`` when typed by hand, and ``3.after.MARK``, ``3.before.MARK`` or ``9.last``
in a link. The mark (a cursor) is the position of one row in the order. A row that is added or
deleted in between neither repeats nor hides another: https://use-the-index-luke.com/no-offset
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import BigIntegerField, BooleanField, Func, Model, QuerySet, Value
from django.db.models.expressions import Combinable

# The id takes the low bits, and the column that orders first takes the high bits. 36 bits are
# enough for 68 thousand million rows, and leave 27 bits for that column.
ID_BITS = 36


class NumberThenId(Func):
    """A number and the id in one integer: order, range and tie-breaker are one index column.

    Takes the name of a column of numbers, the factor that makes them whole, and the value that
    stands for an empty one. With two columns, SQLite would read all rows of an equal number,
    since it uses only the first part of a row value for a range. The constants are part of the
    SQL text, because SQLite uses an index on an expression only if the texts are equal.
    """

    template = (
        "(CAST(ROUND(COALESCE(%(number)s, %(empty)s) * %(times)s) AS BIGINT)"
        f" * {2**ID_BITS} + %(id)s)"
    )
    output_field = BigIntegerField()

    def __init__(self, number: Any, *, empty: int, times: int = 1, id: Any = "id") -> None:
        super().__init__(number, id, empty=empty, times=times)

    def as_sql(self, compiler, connection, **extra):
        number, id = (compiler.compile(part)[0] for part in self.source_expressions)
        values = {**self.extra, "number": number, "id": id}
        return self.template % values, []


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

    def mark(self, row: Model) -> str:
        """Return the mark of a row's position."""
        return ".".join(key.write(key.of(row)) for key in self.keys)

    def place(self, mark: str) -> list[Any]:
        """Return the position of a mark; raise ValueError if it is not one of this order."""
        parts = mark.split(".")
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


def write_number_then_id(value: int) -> str:
    """Return the text of a NumberThenId.

    >>> write_number_then_id((12050 << ID_BITS) + 17)
    '12050-17'
    """
    return f"{value >> ID_BITS}-{value % 2**ID_BITS}"


def read_number_then_id(text: str) -> int:
    """Return the value that write_number_then_id wrote; raise ValueError for any other text."""
    if not re.fullmatch(r"[0-9]{1,8}-[0-9]{1,11}|100000000-[0-9]{1,11}", text):
        raise ValueError(f"not a number and an id: {text}")
    number, id = text.split("-")
    return (int(number) << ID_BITS) + min(int(id), 2**ID_BITS - 1)


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
