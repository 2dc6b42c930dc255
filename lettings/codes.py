"""The form of codes: states, ZIP codes, countries and currencies."""

from __future__ import annotations

import string

from django.core.validators import RegexValidator
from django.db.models import Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, In
from django.utils.translation import gettext_lazy as _

CAPITALS, DIGITS = list(string.ascii_uppercase), list(string.digits)
# As regular expressions: a state of the USA or a region elsewhere; a country or a currency.
STATE, CODE = "[A-Z0-9]{2}", "[A-Z]{3}"

us_state = RegexValidator(
    r"^[A-Z]{2}\Z", _("Write a state of the USA as two letters, such as GA.")
)
us_zip_code = RegexValidator(
    r"^[0-9]{5}(-[0-9]{4})?\Z",
    _("Write a ZIP code of the USA as five digits (02134), or five and four (02134-1000)."),
)


def spelled(field: str, length: int, accepted: list[str]) -> Q:
    """Return the condition that a text has that many characters, all of them accepted ones.

    A regular expression would be shorter, but SQLite has none outside Django: no other program
    could write to the table. And the letters of a range depend on the collation.
    """
    condition = Q(Exact(Length(field), length))
    for position in range(1, length + 1):
        condition &= Q(In(Substr(field, position, 1), accepted))
    return condition
