"""Names of places: a city, a state by its name or letters, or both."""

from __future__ import annotations

import re
from functools import cache

import regex
from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from core.text.compared import compared

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


# A word of a city's name, and how it is abbreviated.
ABBREVIATIONS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
WHOLE = {word: short for short, word in ABBREVIATIONS.items()}
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def form_of(place: str) -> str:
    """Return the form in which the names of places are compared: letters and digits alone.

    >>> form_of("St. Louis"), form_of("saint-louis"), form_of("D.C."), form_of("Coeur d’Alene")
    ('saintlouis', 'saintlouis', 'dc', 'coeurdalene')
    """
    return "".join(ABBREVIATIONS.get(word, word) for word in _words(place))


def spellings(city: str) -> list[str]:
    """Return how a city's name is spelt: as it is, in full, and abbreviated.

    >>> spellings("St. Louis"), spellings("Boulder")
    (['St. Louis', 'saint louis'], ['Boulder'])
    """
    words = _words(city)
    others = [
        " ".join(table.get(word, word) for word in words) for table in (ABBREVIATIONS, WHOLE)
    ]
    return [city, *(other for other in others if other != " ".join(words))]


def _words(place: str) -> list[str]:
    return WORD.findall(compared(place).replace("'", ""))


def _joined(place: str) -> str:
    """Return its words as one; MT, for Montana, is no abbreviation of Mount."""
    return "".join(_words(place))


@cache
def codes() -> dict[str, str]:
    """Return the letters of each state, keyed by the form of its names in all languages.

    All of them, because an address with ``?place=`` may be opened in another language."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {_joined(name_of(code)): code for code in STATES}
    return found


def in_english(text: str) -> str:
    """Return the text with the names of states translated to English.

    >>> in_english("Maison en Caroline du Nord"), in_english("Texas")
    ('maison en North Carolina', 'Texas')
    """
    pattern, plain = _foreign_names(), compared(text)
    if not pattern.search(plain):
        return text
    return pattern.sub(lambda found: STATES[codes()[_joined(found[0])]], plain)


@cache
def _foreign_names() -> re.Pattern[str]:
    names = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            names |= {compared(name_of(code)) for code in STATES}
    names -= {compared(name) for name in STATES.values()}
    # The longest first, so that Virginie-Occidentale is found before Virginie.
    each = (re.sub("[ -]", "[ -]", name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{'|'.join(each)})\b")


def state_code(text: str) -> str:
    """Return the two letters of a state given by name or letters, in any case; "" if it is none.

    >>> state_code("georgia"), state_code("Géorgie"), state_code("g.a."), state_code("75")
    ('GA', 'GA', 'GA', '75')
    >>> state_code("Brunswick")
    ''
    """
    form = _joined(text)
    spelt = form.upper() if len(form) == 2 and form.isascii() else ""
    return codes().get(form, spelt)


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


def meanings(text: str) -> list[tuple[str, str]]:
    """Return what a text may mean: the form of a city, the letters of a state, or both.

    A name of both a city and a state (New York, Washington) means either.

    >>> meanings("Washington"), meanings("Brunswick, Georgia")[-1]
    ([('washington', ''), ('', 'WA')], ('brunswick', 'GA'))
    """
    found = [(form_of(text), ""), ("", state_code(text))]
    city, code = city_and_state(text)
    if code:
        found.append((form_of(city), code))
    return [meaning for meaning in found if any(meaning)]
