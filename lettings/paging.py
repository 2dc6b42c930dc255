"""One page of ordered rows, and the addresses of the pages around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from .keyset import Order

PAGE_SIZE = 24

ADDRESS = re.compile(r"([0-9]{1,9})(?:\.(?:(after|before)\.([0-9A-Za-z.-]{1,100})|(last)))?")


@dataclass(frozen=True)
class Place:
    """What ``?page=`` asks for: a number, and in links where to read from."""

    number: int = 1
    reading: str = ""
    mark: list[Any] = field(default_factory=list)


@dataclass
class Page:
    """One page: its rows, how many there are in all, and the addresses around it ("" for none)."""

    lettings: list
    count: int
    number: int
    pages: int
    first_url: str = ""
    previous_url: str = ""
    next_url: str = ""
    last_url: str = ""
    notices: list[str] = field(default_factory=list)


def read_place(value: str, order: Order) -> Place:
    """Read a page's address; ValueError, with a sentence for the visitor, if it is none.

    A mark that the order can't read was made for another order, or forged.
    """
    found = ADDRESS.fullmatch(value)
    if not found or int(found[1]) < 1:
        raise ValueError(f"There is no page “{value[:20]}”; here is the first one.")
    number, reading = int(found[1]), found[2] or found[4] or ""
    if not found[3]:
        return Place(number, reading)
    try:
        return Place(number, reading, order.place(found[3]))
    except ValueError:
        raise ValueError("That link to a page was damaged; here is the first page.") from None


class Pages:
    """Ordered rows, cut into pages.

    rows: the rows, filtered; counted: gives how many there are, asked only once;
    url: makes an address from the value of ``page`` ("" for the first page).
    """

    def __init__(
        self,
        rows: QuerySet,
        order: Order,
        counted: Callable[[], int],
        url: Callable[[str], str],
    ) -> None:
        self.rows, self.order, self.url = rows, order, url
        self.count = counted()
        self.pages = max(1, -(-self.count // PAGE_SIZE))

    def page(self, value: str) -> Page:
        """Give the page at an address; whatever is wrong with it becomes a notice."""
        notices = []
        try:
            place = read_place(value, self.order) if value else Place()
        except ValueError as fault:
            place = Place()
            notices.append(str(fault))
        if place.number > self.pages and not place.mark:
            if not place.reading:
                notices.append(f"There are {self.pages} pages; here is the last one.")
            place = Place(self.pages, "last")
        page = self._at(place)
        if not page.lettings and place.mark:
            page = self._at(Place(self.pages, "last") if place.reading == "after" else Place())
        page.notices = notices
        return page

    def _at(self, place: Place) -> Page:
        if place.reading == "before":
            return self._before(place)
        if place.reading == "after":
            return self._after(place)
        if place.number >= self.pages and self.pages > 1:
            return self._last()
        return self._counted(place)

    def _counted(self, place: Place) -> Page:
        start = (place.number - 1) * PAGE_SIZE
        found = list(self.order.apply(self.rows)[start : start + PAGE_SIZE + 1])
        return self._made(found, place.number, before=start > 0, after=len(found) > PAGE_SIZE)

    def _after(self, place: Place) -> Page:
        found = list(self.order.beyond(self.rows, place.mark)[: PAGE_SIZE + 1])
        return self._made(found, place.number, before=True, after=len(found) > PAGE_SIZE)

    def _before(self, place: Place) -> Page:
        found = list(self.order.beyond(self.rows, place.mark, backwards=True)[: PAGE_SIZE + 1])
        more = len(found) > PAGE_SIZE
        return self._made(found[:PAGE_SIZE][::-1], place.number, before=more, after=True)

    def _last(self) -> Page:
        size = self.count - (self.pages - 1) * PAGE_SIZE
        found = list(self.order.apply(self.rows, backwards=True)[: max(size, 1)])
        return self._made(found[::-1], self.pages, before=True, after=False)

    def _made(self, found: list, number: int, *, before: bool, after: bool) -> Page:
        lettings = found[:PAGE_SIZE]
        number = min(number, self.pages)
        page = Page(lettings, self.count, number, self.pages)
        if before and lettings:
            mark = self.order.mark(lettings[0])
            page.first_url = self.url("")
            page.previous_url = self.url(f"{max(1, number - 1)}.before.{mark}")
        if after and lettings:
            mark = self.order.mark(lettings[-1])
            page.next_url = self.url(f"{number + 1}.after.{mark}")
            page.last_url = self.url(f"{self.pages}.last")
        return page
