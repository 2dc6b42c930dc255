"""Present figures: a table, charts, and a CSV file."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import IO

from django.utils.formats import date_format, get_format
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
    """Return the name of a period: a day, a week or part of a month by its days, or a month.

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
    """Return the time of an answer as text, rounded.

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
    """Write a header and a line per period (RFC 4180): days in ISO 8601, answer time in seconds.

    The header's names are for programs and stay English. Where the language writes a decimal
    comma, Excel takes only ";" between columns, and UTF-8 only with a byte order mark:
    https://support.microsoft.com/office/import-or-export-text-txt-or-csv-files-5250ac4c-663c-47ce-937b-339e391393ba
    """
    has_decimal_comma = get_format("DECIMAL_SEPARATOR") == ","
    file.write("\ufeff" if has_decimal_comma else "")
    lines = csv.writer(file, delimiter=";" if has_decimal_comma else ",")
    lines.writerow(["from", "to", "views", "enquiries", "answered", "answer_seconds", "nights"])
    for period in periods:
        seconds = "" if period.answer_time is None else round(period.answer_time.total_seconds())
        last = period.end - ONE_DAY
        counts = (period.views, period.enquiries, period.answered, seconds, period.nights)
        lines.writerow([period.start.isoformat(), last.isoformat(), *counts])
