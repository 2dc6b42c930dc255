"""The lists of the API, by cursor: every page costs as much as the first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Schema

from ..keyset import Key, Order
from ..web.paging import PAGE_SIZE
from .fields import optional

LATEST_FIRST = Order((Key("pk", lambda row: row.pk),), descending=True)


def cursor_field(pattern: str) -> Any:
    """Return the field of the query string that has the cursor."""
    return optional("Where to go on, as next has it.", pattern=pattern)


class IdCursor(Schema):
    """The cursor of a list in the order of ids."""

    cursor: str = cursor_field("^[0-9]{1,18}$")


def cursor_page(
    request: HttpRequest, rows: QuerySet, order: Order, cursor: str | None
) -> tuple[list[Any], str | None]:
    """Return the page of rows at a cursor, and the URL of the next page, or None.

    The cursor is None for the first page. The field's pattern has refused every one that the
    order can't read.
    """
    found, mark = order.after(rows, cursor or "", PAGE_SIZE)
    query = urlencode({"cursor": mark})
    return found, request.build_absolute_uri(f"{request.path}?{query}") if mark else None
