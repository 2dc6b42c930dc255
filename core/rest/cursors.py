"""Lists that one reads on from a row: however deep, a page costs what the first one costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Schema

from .fields import optional

PAGE_SIZE = 24


def cursor_field(pattern: str) -> Any:
    """Make the field that says where in a list to go on."""
    return optional("Where to go on, as next has it.", pattern=pattern)


class IdCursor(Schema):
    """Where in a list by id to go on."""

    cursor: str = cursor_field("^[0-9]{1,18}$")


def latest_first(
    request: HttpRequest, rows: QuerySet, place: IdCursor
) -> tuple[list[Any], str | None]:
    """Return a page of rows, the latest first, and the address of those that follow, if any do."""
    rows = rows.order_by("-pk")
    if place.cursor:
        rows = rows.filter(pk__lt=int(place.cursor))
    return first_page(request, rows, lambda row: row.pk)


def first_page(
    request: HttpRequest, rows: QuerySet, mark: Callable[[Model], Any]
) -> tuple[list[Any], str | None]:
    """Return the first rows, and the address of those that follow, if any do.

    mark: gives the cursor that goes on after a row.
    """
    found = list(rows[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return found, None
    found.pop()
    query = urlencode({"cursor": mark(found[-1])})
    return found, request.build_absolute_uri(f"{request.path}?{query}")
