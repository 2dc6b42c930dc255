"""Pages with numbers, and the links between the pages of any list (``core/_pages.html``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

PAGE_SIZE = 24


@dataclass(frozen=True)
class Page:
    """The rows of one page, its number, and the URLs of its neighbours ("" for none).

    pages: the number of pages; count: the number of rows, None if it is not known.
    """

    rows: list[Any]
    number: int
    pages: int
    count: int | None = None
    first_url: str = ""
    previous_url: str = ""
    next_url: str = ""
    last_url: str = ""


def page_of(paginator: Paginator, value: str | None) -> Page:
    """Return the page for ``?page=``: the first if it is invalid, the last if it is too high.

    A list that fits on its first page needs one query: it is not counted.

    >>> page = page_of(Paginator("abcdef", 2), "2")
    >>> page.rows, page.previous_url, page.next_url
    (['c', 'd'], '?', '?page=3')
    """
    size = paginator.per_page
    first = [] if value else list(paginator.object_list[: size + 1])
    if not value and len(first) <= size:
        return Page(rows=first, number=1, pages=1)
    found = paginator.get_page(value)
    number, pages = found.number, paginator.num_pages
    before, after = number > 1, number < pages
    return Page(
        rows=first[:size] or list(found.object_list),
        number=number,
        pages=pages,
        first_url=_url(1) if before else "",
        previous_url=_url(number - 1) if before else "",
        next_url=_url(number + 1) if after else "",
        last_url=_url(pages) if after else "",
    )


def _url(number: int) -> str:
    return f"?page={number}" if number > 1 else "?"
