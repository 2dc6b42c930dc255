"""The filters of the index: narrow the lettings, and say in words which are in force."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .. import search
from ..places import STATES, name_of, state_code
from .forms import BOUNDS, spell


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
