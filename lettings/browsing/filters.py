"""The filters of the index: what each keeps, and how it is said in words.

The fields that read them from a query string are in ``forms.py``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import search
from ..places import STATES, in_place, name_of, state_code


def spell(value: Any) -> str:
    """Return a value as it is written in a query string.

    >>> spell(Decimal("80.00")), spell(Decimal("80.50")), spell(4)
    ('80', '80.50', '4')
    """
    if isinstance(value, Decimal):
        return f"{value:.2f}".removesuffix(".00")
    return str(value)


def labels(asked: dict[str, Any]) -> dict[str, str]:
    """Return each filter that is in force in words: {"sleeps": "Sleeps 4 or more"}."""
    sleeps, bedrooms = asked.get("sleeps", 0), asked.get("bedrooms", 0)
    words = {
        "q": _("“%(value)s”"),
        "place": _("In %(value)s"),
        "price_min": _("%(value)s a night or more"),
        "price_max": _("%(value)s a night or less"),
        "sleeps": ngettext("Sleeps %(value)s or more", "Sleeps %(value)s or more", sleeps),
        "bedrooms": ngettext("%(value)s or more bedrooms", "%(value)s or more bedrooms", bedrooms),
    }
    shown = {
        name: value if isinstance(value, str) else number_format(spell(value))
        for name, value in asked.items()
    }
    state = state_code(asked.get("place", ""))
    if state in STATES:
        shown["place"] = name_of(state)
    return {name: text % {"value": shown[name]} for name, text in words.items() if name in asked}


def filtered(lettings: QuerySet, asked: dict[str, Any]) -> QuerySet:
    """Return the lettings that pass all filters; an unknown price or size passes no bound."""
    bounds = {
        "price_min": "price__gte",
        "price_max": "price__lte",
        "sleeps": "sleeps__gte",
        "bedrooms": "bedrooms__gte",
    }
    lettings = lettings.filter(
        **{lookup: asked[name] for name, lookup in bounds.items() if name in asked}
    )
    if "place" in asked:
        lettings = in_place(lettings, asked["place"])
    if "q" in asked:
        lettings = search.matching(lettings, asked["q"], narrowed="place" in asked)
    return lettings
