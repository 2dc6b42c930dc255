"""The index of lettings: from a query string to a page, its filters and their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import TooManyFieldsSent
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .. import search
from ..models import Letting
from ..places import STATES, name_of, state_code
from .forms import BOUNDS, IndexForm, spell
from .orders import ORDERS
from .paginator import Count, KeysetPaginator


@dataclass(frozen=True)
class Filter:
    """A filter in force, and the address of the page without it."""

    label: str
    remove_url: str


class Query:
    """A query as an address to share: parameters in a fixed order, defaults left out."""

    def __init__(self, asked: dict[str, Any], usual_sort: str) -> None:
        self.asked = {
            name: spell(asked[name])
            for name in IndexForm.base_fields
            if name in asked and (name, asked[name]) != ("sort", usual_sort)
        }

    def __str__(self) -> str:
        return urlencode(self.asked)

    def url(self, page: str = "", without: str = "") -> str:
        """Return the address, optionally of a page, or without one parameter."""
        kept = {name: value for name, value in self.asked.items() if name != without}
        if page:
            kept["page"] = page
        return "?" + urlencode(kept) if kept else reverse("lettings:index")


def labels(asked: dict[str, Any]) -> dict[str, str]:
    """Return each filter that is in force in words: {"sleeps": "Sleeps 4 or more"}."""
    said = {}
    if "q" in asked:
        said["q"] = _("“%(value)s”") % {"value": asked["q"]}
    if "place" in asked:
        state = state_code(asked["place"])
        place = name_of(state) if state in STATES else asked["place"]
        said["place"] = _("In %(value)s") % {"value": place}
    for name, bound in BOUNDS.items():
        if name in asked:
            shown = {"value": number_format(spell(asked[name])), "number": int(asked[name])}
            said[name] = bound.words % shown
    return said


def filtered(lettings: QuerySet, asked: dict[str, Any]) -> QuerySet:
    """Return the lettings that pass all filters."""
    lettings = lettings.filter(
        **{bound.lookup: asked[name] for name, bound in BOUNDS.items() if name in asked}
    )
    if "place" in asked:
        lettings = search.in_place(lettings, asked["place"])
    if "q" in asked:
        lettings = search.matching(lettings, asked["q"], narrowed="place" in asked)
    return lettings


def correct_words(asked: dict[str, Any]) -> list[str]:
    """Replace misspelt words in ``asked``; return a notice for each.

    The index knows the words of lettings that are not published, too: these correct nothing.
    """
    published = Letting.objects.published()
    corrections = {
        wrong: meant
        for wrong, meant in search.correct(asked["q"]).items()
        if search.matching(published, meant).exists()
    }
    if corrections:
        known = (corrections.get(word, word) for word in search.words_of(asked["q"]))
        asked["q"] = " ".join(known)
    words = _("No letting has “%(wrong)s”; here is what has “%(meant)s”.")
    return [words % {"wrong": wrong, "meant": meant} for wrong, meant in corrections.items()]


def read_query(request: HttpRequest) -> tuple[QueryDict, list[str]]:
    """Return parameters and notices; more than Django reads (1,000) count as none."""
    try:
        return request.GET, []
    except TooManyFieldsSent:
        words = _("That address asked for too much at once; here are all lettings.")
        return QueryDict(), [words]


def listing(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the index for a request; no query string is an error.

    The keys: ``form``, ``page``, ``active`` (filters in force), ``clear_url`` and ``notices``.
    """
    given, notices = read_query(request)
    form = IndexForm(given)
    if "q" in form.asked and "page" not in given:
        notices += correct_words(form.asked)
    query = Query(form.asked, form.usual_sort)
    rows = filtered(Letting.objects.published(), form.asked)
    paginator = KeysetPaginator(rows, ORDERS[form.order], Count(str(query)), query.url)
    page = paginator.page(given.get("page", ""))
    return {
        "form": form,
        "page": page,
        "active": [
            Filter(label, query.url(without=name)) for name, label in labels(form.asked).items()
        ],
        "clear_url": reverse("lettings:index"),
        "notices": notices + form.notices + paginator.notices,
    }
