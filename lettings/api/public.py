"""The public API of lettings: the same search, filters, orders and words as the pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router

from core.rest.fields import Username
from core.rest.problems import Problem
from profiles.models import Profile

from ..browsing.forms import IndexForm
from ..browsing.listing import Query as Asked
from ..browsing.listing import correct_words, filtered
from ..browsing.orders import ORDERS
from ..browsing.paginator import Count, KeysetPaginator, read_place
from ..models import Letting
from ..querysets import LettingQuerySet
from .schemas import Cursor, LettingFilters, LettingOut, LettingPage, letting_out

router = Router()


@router.get("/lettings", response=LettingPage, summary="Find lettings")
def list_lettings(request: HttpRequest, filters: Query[LettingFilters]) -> LettingPage:
    """Published lettings, 24 at a time, as the site's own list finds and orders them."""
    form = IndexForm(request.GET)
    cursor = filters.cursor or ""
    notices = correct_words(form.asked) if "q" in form.asked and not cursor else []
    asked = Asked(form.asked, form.usual_sort)
    rows = filtered(Letting.objects.published(), form.asked)
    page = LettingLister(request, asked.asked, str(asked)).page(rows, form.order, cursor)
    page.notices += notices + form.notices
    return page


@router.get("/lettings/{int:letting_id}", response=LettingOut, summary="One letting")
def get_letting(request: HttpRequest, letting_id: int) -> LettingOut:
    """A published letting."""
    lettings = Letting.objects.published().for_cards().select_related("host__user")
    found = get_object_or_404(lettings, pk=letting_id)
    return letting_out(found, request.build_absolute_uri)


@router.get("/profiles/{username}/lettings", response=LettingPage, summary="What someone lets")
def list_profile_lettings(
    request: HttpRequest, username: Path[Username], place: Query[Cursor]
) -> LettingPage:
    """The published lettings of one host, newest first."""
    host = get_object_or_404(Profile.objects.public(), user__username=username)
    lister = LettingLister(request, {}, f"host {host.pk}")
    return lister.page(host.lettings.published(), "newest", place.cursor or "")


class LettingLister:
    """Cuts the answer to one query into pages.

    asked: the parameters to repeat in the addresses of other pages; name: tells this query
    from others when rows are counted.
    """

    def __init__(self, request: HttpRequest, asked: dict[str, Any], name: str) -> None:
        self.request, self.asked, self.name = request, asked, name

    def page(self, rows: LettingQuerySet, order: str, cursor: str) -> LettingPage:
        """Return the page at a cursor ("" for the first); raise Problem 404 for a damaged one.

        The site shows the first page instead; here that would make a program loop for ever.
        """
        try:
            if cursor:
                read_place(cursor, ORDERS[order])
        except ValueError:
            words = "This cursor was damaged, or made for another order; start without one."
            raise Problem(404, words) from None
        rows = rows.select_related("host__user")
        paginator = KeysetPaginator(rows, ORDERS[order], Count(self.name), self._url)
        found = paginator.page(cursor)
        absolute = self.request.build_absolute_uri
        return LettingPage.model_construct(
            items=[letting_out(letting, absolute) for letting in found.rows],
            count=found.count,
            next=found.next_url or None,
            previous=found.previous_url or None,
            notices=[],
        )

    def _url(self, place: str) -> str:
        query = urlencode({**self.asked, "cursor": place})
        return self.request.build_absolute_uri(f"{self.request.path}?{query}")
