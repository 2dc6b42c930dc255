"""Where a letting is, in a visitor's words: a city, a state by name or letters, or both."""

from __future__ import annotations

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Upper

# The states and the federal district, with the letters that the post gives them:
# https://pe.usps.com/text/pub28/28apb.htm
STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}
CODES = {name.upper(): code for code, name in STATES.items()}


def state_code(text: str) -> str:
    """Give the two characters of a state named or spelt in any case, "" if it can be none.

    >>> state_code("georgia"), state_code("ga"), state_code("75"), state_code("Brunswick")
    ('GA', 'GA', '75', '')
    """
    text = text.upper()
    return CODES.get(text, text if len(text) == 2 and text.isascii() and text.isalnum() else "")


def city_and_state(text: str) -> tuple[str, str]:
    """Split off the state that ends the text, after a comma or a space.

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
    """Keep the lettings of a city, a state, or a city of a state, whatever the case.

    What names both (New York, Washington) finds both.
    """
    text = " ".join(text.split())
    found = Q(place_city=Upper(Value(text)))
    if code := state_code(text):
        found |= Q(address__state=code)
    city, code = city_and_state(text)
    if code:
        found |= Q(place_city=Upper(Value(city)), address__state=code)
    return lettings.alias(place_city=Upper("address__city")).filter(found)
