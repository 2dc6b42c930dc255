"""The orders of the index. Each but "best match" has its own database index in ``models``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.keyset import Key, Order, read_id, read_moment, write_moment

from .keyset import ID_BITS, NumberThenId, read_number_then_id, write_number_then_id

if TYPE_CHECKING:
    from ..models import Letting

# Unknown values come last: above every price that the column holds, or below every number.
PRICE_UP = NumberThenId("price", empty=1_000_000, times=100)
PRICE_DOWN = NumberThenId("price", empty=0, times=100)
SLEEPS_MOST = NumberThenId("sleeps", empty=0)


def number_key(column: str, expression: NumberThenId) -> Key:
    """Return the key of a column of numbers; Python and SQL compute the same value."""
    empty, times = expression.extra["empty"], expression.extra["times"]

    def of(letting: Letting) -> int:
        number = getattr(letting, column)
        return (int((empty if number is None else number) * times) << ID_BITS) + letting.pk

    return Key(expression, of, write_number_then_id, read_number_then_id)


ID = Key("id", lambda letting: letting.pk, read=read_id)
PUBLISHED = Key("published_at", lambda letting: letting.published_at, write_moment, read_moment)
SCORE = Key("score", lambda letting: letting.score, read=read_id)

ORDERS = {
    "newest": Order((PUBLISHED, ID), descending=True),
    "price": Order((number_key("price", PRICE_UP),), descending=False),
    "-price": Order((number_key("price", PRICE_DOWN),), descending=True),
    "sleeps": Order((number_key("sleeps", SLEEPS_MOST),), descending=True),
    "relevance": Order((SCORE, PUBLISHED, ID), descending=True),
}
