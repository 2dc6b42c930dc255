"""Template filters that write dates and times in full, in the page's language."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def day(value: date | datetime) -> str:
    """Return a date as text; for a datetime, the date in the reader's time zone.

    >>> day(date(2027, 2, 1))
    'Feb. 1, 2027'
    """
    return _first_of_month(date_format(_here(value), "DATE_FORMAT"))


@register.filter
def moment(value: datetime) -> str:
    """Return date and time as text, with the time zone: readers live in many.

    >>> from datetime import timezone
    >>> moment(datetime(2027, 2, 1, 8, 27, tzinfo=timezone.utc))
    'Feb. 1, 2027, 8:27 a.m. UTC'
    """
    here = _here(value)
    return f"{_first_of_month(date_format(here, 'DATETIME_FORMAT'))} {here.tzname()}"


@register.filter
def hour(value: datetime) -> str:
    """Return the time of a datetime as text, with the time zone.

    >>> from datetime import timezone
    >>> hour(datetime(2027, 2, 1, 8, 27, tzinfo=timezone.utc))
    '08:27 UTC'
    """
    here = _here(value)
    return f"{here:%H:%M} {here.tzname()}"


def _here(value: date | datetime) -> date | datetime:
    """Return a datetime in the reader's time zone, unchanged if that is after the last date."""
    if not isinstance(value, datetime):
        return value
    try:
        return localtime(value)
    except OverflowError:
        return value


def _first_of_month(words: str) -> str:
    """Return the first day of a month as an ordinal where the language has one: "1er février".

    Django's date formats have no character for it. French: Lexique des règles typographiques en
    usage à l'Imprimerie nationale, "Dates".
    """
    if words.startswith("1 "):
        return pgettext("the first day of a month, before its name", "1") + words[1:]
    return words
