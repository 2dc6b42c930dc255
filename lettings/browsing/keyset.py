"""A number and an id as one integer, by which the index is ordered (core.keyset)."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import BigIntegerField, Func

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
