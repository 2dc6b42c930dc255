"""core.keyset: the positions of rows in an order, and what a damaged mark is."""

from types import SimpleNamespace

import pytest

from core.keyset import Key, Order, read_id

NAME = Key("name", lambda row: row.name, read=str)
ID = Key("id", lambda row: row.id, read=read_id)
ROWS = [SimpleNamespace(name=name, id=id) for id, name in enumerate(("ada", "b.c", "dot."), 1)]


@pytest.mark.parametrize("keys", [(NAME,), (ID,), (ID, NAME)])
def test_a_mark_is_read_as_it_was_written(keys):
    order = Order(keys, descending=False)
    for row in ROWS:
        assert order.place(order.mark(row)) == [key.of(row) for key in keys]


@pytest.mark.parametrize(
    "keys, mark",
    [((ID,), ""), ((ID,), "1.2"), ((ID,), "-1"), ((ID, ID), "1"), ((ID, ID), "1.2.3")],
)
def test_a_mark_of_another_order_is_refused(keys, mark):
    with pytest.raises(ValueError):
        Order(keys, descending=False).place(mark)


@pytest.mark.parametrize("found, shown, mark", [(0, 0, ""), (1, 1, ""), (2, 2, ""), (3, 2, "b.c")])
def test_a_page_ends_with_the_mark_of_the_next(found, shown, mark):
    order = Order((NAME,), descending=False)
    assert order.cut(ROWS[:found], 2) == (ROWS[:shown], mark)
