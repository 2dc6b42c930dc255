"""The filter by place: a city, a state by its name or letters, or both."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from django.conf import settings
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Upper
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

# The states and the federal district, with their postal abbreviations:
# https://pe.usps.com/text/pub28/28apb.htm
STATES = {
    "AL": _("Alabama"),
    "AK": _("Alaska"),
    "AZ": _("Arizona"),
    "AR": _("Arkansas"),
    "CA": _("California"),
    "CO": _("Colorado"),
    "CT": _("Connecticut"),
    "DE": _("Delaware"),
    "DC": _("District of Columbia"),
    "FL": _("Florida"),
    "GA": _("Georgia"),
    "HI": _("Hawaii"),
    "ID": _("Idaho"),
    "IL": _("Illinois"),
    "IN": _("Indiana"),
    "IA": _("Iowa"),
    "KS": _("Kansas"),
    "KY": _("Kentucky"),
    "LA": _("Louisiana"),
    "ME": _("Maine"),
    "MD": _("Maryland"),
    "MA": _("Massachusetts"),
    "MI": _("Michigan"),
    "MN": _("Minnesota"),
    "MS": _("Mississippi"),
    "MO": _("Missouri"),
    "MT": _("Montana"),
    "NE": _("Nebraska"),
    "NV": _("Nevada"),
    "NH": _("New Hampshire"),
    "NJ": _("New Jersey"),
    "NM": _("New Mexico"),
    "NY": _("New York"),
    "NC": _("North Carolina"),
    "ND": _("North Dakota"),
    "OH": _("Ohio"),
    "OK": _("Oklahoma"),
    "OR": _("Oregon"),
    "PA": _("Pennsylvania"),
    "RI": _("Rhode Island"),
    "SC": _("South Carolina"),
    "SD": _("South Dakota"),
    "TN": _("Tennessee"),
    "TX": _("Texas"),
    "UT": _("Utah"),
    "VT": _("Vermont"),
    "VA": _("Virginia"),
    "WA": _("Washington"),
    "WV": _("West Virginia"),
    "WI": _("Wisconsin"),
    "WY": _("Wyoming"),
}


def name_of(state: str) -> str:
    """Return a state's name in the page's language; return unknown letters unchanged."""
    return gettext(STATES[state]) if state in STATES else state


@cache
def codes() -> dict[str, str]:
    """Return the letters of each state, keyed by its names in all languages.

    All of them, because an address with ``?place=`` may be opened in another language."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {plain(name_of(code)): code for code in STATES}
    return found


def in_english(text: str) -> str:
    """Return the text with the names of states translated to English.

    >>> in_english("Maison en Caroline du Nord"), in_english("Texas")
    ('MAISON EN North Carolina', 'Texas')
    """
    pattern, plain_text = _foreign_names(), plain(text)
    if not pattern.search(plain_text):
        return text
    return pattern.sub(lambda found: STATES[codes()[found[0]]], plain_text)


@cache
def _foreign_names() -> re.Pattern[str]:
    english = {plain(name) for name in STATES.values()}
    # The longest first, so that Virginie-Occidentale is found before Virginie.
    names = sorted(codes().keys() - english, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(names)})\b")


def plain(name: str) -> str:
    """Return a name in capitals, without the hyphens and accents that people leave out.

    >>> plain("Virginie-Occidentale"), plain("Géorgie")
    ('VIRGINIE OCCIDENTALE', 'GEORGIE')
    """
    return without_accents(name.replace("-", " ")).upper()


def without_accents(text: str) -> str:
    """Return the text without its accents."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def state_code(text: str) -> str:
    """Return the two letters of a state given by name or letters, in any case; "" if it is none.

    >>> state_code("georgia"), state_code("Géorgie"), state_code("ga"), state_code("75")
    ('GA', 'GA', 'GA', '75')
    >>> state_code("Brunswick")
    ''
    """
    spelt = text.upper() if len(text) == 2 and text.isascii() and text.isalnum() else ""
    return codes().get(plain(text), spelt)


def city_and_state(text: str) -> tuple[str, str]:
    """Return the city and the state; the state ends the text, after a comma or a space.

    >>> city_and_state("Brunswick, Georgia"), city_and_state("new york ny")
    (('Brunswick', 'GA'), ('new york', 'NY'))
    >>> city_and_state("Brunswick")
    ('Brunswick', '')
    """
    words = text.replace(",", " , ").split()
    for start in range(1, len(words)):
        code = state_code(" ".join(words[start:]).removeprefix(", "))
        if code:
            return " ".join(words[:start]).removesuffix(" ,"), code
    return text, ""


def in_place(lettings: QuerySet, text: str) -> QuerySet:
    """Return the lettings in a city, a state, or a city of a state, whatever the case.

    A name of both a city and a state (New York, Washington) finds both.
    """
    text = " ".join(text.split())
    found = Q(place_city=Upper(Value(text)))
    if code := state_code(text):
        found |= Q(address__state=code)
    city, code = city_and_state(text)
    if code:
        found |= Q(place_city=Upper(Value(city)), address__state=code)
    return lettings.alias(place_city=Upper("address__city")).filter(found)
