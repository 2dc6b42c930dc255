"""Pages of the index: numbers to read and to type, marks (core.keyset) in the links.

A page's address is ``3`` when typed by hand, and ``3.after.MARK``, ``3.before.MARK`` or ``9.last``
in a link.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, Func, IntegerField, Subquery
from django.utils.translation import gettext as _

from core.keyset import Order
from core.pagecache import generation
from core.web.paging import PAGE_SIZE, Page

from ..querysets import LettingQuerySet

ADDRESS = re.compile(r"([0-9]{1,9})(?:\.(?:(after|before)\.([0-9A-Za-z.-]{1,100})|(last)))?")
# When this many are remembered, all are forgotten: most are not asked for again.
MOST_COUNTS = 1000
# Seconds. A letting can become public as time passes, and writes by psql go unnoticed.
COUNT_SECONDS = 60
_counts: dict[tuple[bytes, str], tuple[int, float]] = {}


class Count:
    """The number of rows of one query, if it is remembered.

    name: tells this query from all others.
    """

    def __init__(self, name: str) -> None:
        # Read before the rows: after a change in between, the number is dropped and not kept.
        token = generation()
        # A transaction may hold changes that the token does not know of.
        usable = token is not None and not connection.in_atomic_block
        self._key = (token, name) if usable else None

    def get(self) -> int | None:
        """Return the number if it is remembered, else None."""
        number, until = _counts.get(self._key, (None, 0.0))
        return number if time.monotonic() < until else None

    def keep(self, number: int) -> None:
        """Remember the number, for all threads of this process."""
        if self._key is None:
            return
        if len(_counts) >= MOST_COUNTS:
            _counts.clear()
        _counts[self._key] = (number, time.monotonic() + COUNT_SECONDS)


@dataclass(frozen=True)
class Place:
    """What ``?page=`` asks for: a page number, and in links the mark to read from."""

    number: int = 1
    reading: str = ""
    mark: list[Any] = field(default_factory=list)


def read_place(value: str, order: Order) -> Place:
    """Return the place that a page's address names.

    Raise ValueError, with a sentence for the visitor, for an invalid address. A mark that
    the order can't read was made for another order, or forged.
    """
    found = ADDRESS.fullmatch(value)
    if not found or int(found[1]) < 1:
        words = _("There is no page “%(page)s”; here is the first one.")
        raise ValueError(words % {"page": value[:20]})
    number, reading = int(found[1]), found[2] or found[4] or ""
    if not found[3]:
        return Place(number, reading)
    try:
        return Place(number, reading, order.place(found[3]))
    except ValueError:
        words = _("That link to a page was damaged; here is the first page.")
        raise ValueError(words) from None


class KeysetPaginator:
    """Divides ordered lettings into pages.

    rows: the filtered lettings; count: their remembered number;
    url: returns the address for a value of ``page`` ("" for the first page).
    ``notices`` says what was wrong with the address of the page.
    """

    def __init__(
        self, rows: LettingQuerySet, order: Order, count: Count, url: Callable[[str], str]
    ) -> None:
        self.rows, self.order, self.url, self.remembered = rows, order, url, count
        self.count = count.get()
        self.notices: list[str] = []

    def page(self, value: str) -> Page:
        """Return the page at an address; an invalid address becomes a notice.

        Takes two queries, three for a number typed by hand, and more only past the end.
        """
        try:
            place = read_place(value, self.order) if value else Place()
        except ValueError as fault:
            place = Place()
            self.notices.append(str(fault))
        if place.number > 1 and not place.mark:
            self._count()
            if place.number > self.num_pages and not place.reading:
                words = _("The last page is %(number)d; here it is.")
                self.notices.append(words % {"number": self.num_pages})
        page = self._at(place)
        if not page.rows and place.mark:
            return self._at(Place(self.num_pages, "last") if place.reading == "after" else Place())
        return page

    @property
    def num_pages(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, -(-(self.count or 0) // PAGE_SIZE))

    def _at(self, place: Place) -> Page:
        if place.mark:
            return self._beyond(place)
        if place.reading == "last" or place.number >= self.num_pages > 1:
            return self._last()
        if place.number == 1 or place.number > self.num_pages:
            return self._found(self.order.apply(self.rows), 1)
        # The skipped rows are read without joins; those that are shown are joined.
        start = (place.number - 1) * PAGE_SIZE
        skipped = self.order.apply(self.rows).values("pk")[start : start + PAGE_SIZE + 1]
        rows = self.rows.filter(pk__in=Subquery(skipped))
        return self._found(self.order.apply(rows), place.number)

    def _found(self, rows: LettingQuerySet, number: int) -> Page:
        found = self._fetch(rows)
        return self._made(found, number, before=number > 1, after=len(found) > PAGE_SIZE)

    def _beyond(self, place: Place) -> Page:
        backwards = place.reading == "before"
        found = self._fetch(self.order.beyond(self.rows, place.mark, backwards=backwards))
        more = len(found) > PAGE_SIZE
        if backwards:
            return self._made(found[:PAGE_SIZE][::-1], place.number, before=more, after=True)
        return self._made(found, place.number, before=True, after=more)

    def _last(self) -> Page:
        """Return the last page, read backwards from the end."""
        size = self._count() - (self.num_pages - 1) * PAGE_SIZE
        found = self._fetch(self.order.apply(self.rows, backwards=True), size=max(size, 1))
        return self._made(found[::-1], self.num_pages, before=self.num_pages > 1, after=False)

    def _fetch(self, rows: LettingQuerySet, size: int = PAGE_SIZE + 1) -> list:
        """Return the rows, one more than fits; count them in the same query if need be."""
        unknown = self.count is None
        if unknown:
            number = Func(F("pk"), function="COUNT", output_field=IntegerField())
            counted = self.rows.order_by().annotate(number=number).values("number")
            rows = rows.annotate(total=Subquery(counted))
        found = list(rows.for_cards()[:size])
        if unknown and found:
            self._learn(found[0].total)
        elif unknown:
            self._count()
        return found

    def _count(self) -> int:
        if self.count is None:
            self._learn(self.rows.count())
        return self.count

    def _learn(self, count: int) -> None:
        self.count = count
        self.remembered.keep(count)

    def _made(self, found: list, number: int, *, before: bool, after: bool) -> Page:
        rows = found[:PAGE_SIZE]
        number = min(number, self.num_pages)
        urls = {}
        if before and rows:
            mark = self.order.mark(rows[0])
            urls["first_url"] = self.url("")
            urls["previous_url"] = self.url(f"{max(1, number - 1)}.before.{mark}")
        if after and rows:
            mark = self.order.mark(rows[-1])
            urls["next_url"] = self.url(f"{number + 1}.after.{mark}")
            urls["last_url"] = self.url(f"{self.num_pages}.last")
        return Page(rows, number, self.num_pages, self.count, **urls)
