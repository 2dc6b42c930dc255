"""Paginate lists by cursor: every page costs as much as the first."""

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
    """Return the field of the query string that has the cursor."""
    return optional("Where to go on, as next has it.", pattern=pattern)


class IdCursor(Schema):
    """The cursor of a list in the order of ids."""

    cursor: str = cursor_field("^[0-9]{1,18}$")


def latest_first(
    request: HttpRequest, rows: QuerySet, place: IdCursor
) -> tuple[list[Any], str | None]:
    """Return a page of rows, the latest first, and the URL of the next page, or None."""
    rows = rows.order_by("-pk")
    if place.cursor:
        rows = rows.filter(pk__lt=int(place.cursor))
    return first_page(request, rows, lambda row: row.pk)


def first_page(
    request: HttpRequest, rows: QuerySet, mark: Callable[[Model], Any]
) -> tuple[list[Any], str | None]:
    """Return the first rows, and the URL of the next page, or None.

    mark: returns the cursor of a row; the next page starts after it.
    """
    found = list(rows[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return found, None
    found.pop()
    query = urlencode({"cursor": mark(found[-1])})
    return found, request.build_absolute_uri(f"{request.path}?{query}")
