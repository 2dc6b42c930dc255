"""Figures as people read them: a table, charts, and a file for a spreadsheet."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import IO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from . import chart
from .figures import ONE_DAY, Period, total

HOUR = timedelta(hours=1)


class Figures:
    """Periods, their sum, and a chart of each figure, for a template."""

    def __init__(self, periods: list[Period]) -> None:
        self.rows = [(name(period), period) for period in periods]
        self.total = total(periods)

    def charts(self) -> list[chart.Chart]:
        """Return a chart of each figure."""
        names = [words for words, _period in self.rows]
        periods = [period for _words, period in self.rows]
        hours = [(period.answer_time or timedelta()) / HOUR for period in periods]
        return [
            self._chart(_("Views"), names, [period.views for period in periods]),
            self._chart(_("Enquiries"), names, [period.enquiries for period in periods]),
            chart.draw(
                _("Hours until the first answer"),
                names,
                hours,
                [spell(period.answer_time) for period in periods],
            ),
            self._chart(_("Booked nights"), names, [period.nights for period in periods]),
        ]

    def _chart(self, title: str, names: list[str], numbers: list[int]) -> chart.Chart:
        return chart.draw(title, names, numbers, [chart.spell(number) for number in numbers])


def name(period: Period) -> str:
    """Name a period: a day, a week by its days, or a month (or as much of one as is asked for).

    >>> name(Period(date(2026, 11, 1), date(2026, 12, 1)))
    'Nov 2026'
    >>> name(Period(date(2026, 11, 2), date(2026, 11, 9)))
    'Nov 2–8'
    """
    last = period.end - ONE_DAY
    if last == period.start:
        return _day(period.start)
    if (last - period.start).days >= 7:
        return date_format(period.start, pgettext("date format", "M Y"))
    if last.month == period.start.month:
        month = date_format(period.start, pgettext("date format", "M"))
        days = {"month": month, "first": period.start.day, "last": last.day}
        return _("%(month)s %(first)d–%(last)d") % days
    return f"{_day(period.start)}–{_day(last)}"


def _day(day: date) -> str:
    return date_format(day, pgettext("date format", "M j"))


def spell(waited: timedelta | None) -> str:
    """Write how long an answer took, as exactly as anyone wants to know.

    >>> spell(timedelta(minutes=50)), spell(timedelta(hours=5.4)), spell(None)
    ('50 minutes', '5 hours', '–')
    """
    if waited is None:
        return "–"
    if waited < HOUR:
        minutes = waited // timedelta(minutes=1)
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    if waited < timedelta(days=2):
        hours = round(waited / HOUR)
        return ngettext("%d hour", "%d hours", hours) % hours
    days = round(waited / ONE_DAY)
    return ngettext("%d day", "%d days", days) % days


def write_csv(periods: list[Period], file: IO[str]) -> None:
    """Write a head and a line a period (RFC 4180): days as ISO 8601, the waiting in seconds.

    The head's names are for programs and stay English.
    """
    lines = csv.writer(file)
    lines.writerow(["from", "to", "views", "enquiries", "answered", "answer_seconds", "nights"])
    for period in periods:
        seconds = "" if period.answer_time is None else round(period.answer_time.total_seconds())
        last = period.end - ONE_DAY
        counts = (period.views, period.enquiries, period.answered, seconds, period.nights)
        lines.writerow([period.start.isoformat(), last.isoformat(), *counts])
