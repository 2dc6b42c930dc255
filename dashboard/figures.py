"""The figures of a dashboard: views, enquiries, answer time and booked nights, by period.

Each takes one query, for any number of lettings, days and enquiries. Days are in UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from enquiries.models import Enquiry
from lettings.models import Letting
from profiles.models import Profile

from .models import DailyTotal, DailyViews

DAY, WEEK, MONTH = "day", "week", "month"
STEPS = {DAY: _("day"), WEEK: _("week"), MONTH: _("month")}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """The scope of figures: one letting, one host, or without either the whole site."""

    host: Profile | None = None
    letting: Letting | None = None

    def condition(self) -> Q:
        """Return the filter for rows with ``letting`` and ``host``."""
        return Q(letting=self.letting) if self.letting else Q(host=self.host)


@dataclass
class Period:
    """The figures from ``start`` until before ``end``."""

    start: date
    end: date
    views: int = 0
    enquiries: int = 0
    answered: int = 0
    waited: timedelta = field(default_factory=timedelta)
    nights: int = 0

    @property
    def answer_time(self) -> timedelta | None:
        """The mean time from an enquiry of this period to its first answer."""
        return self.waited / self.answered if self.answered else None

    def add(self, other: Period) -> None:
        """Add the figures of another period."""
        self.views += other.views
        self.enquiries += other.enquiries
        self.answered += other.answered
        self.waited += other.waited
        self.nights += other.nights


def figures(scope: Scope, first: date, last: date, step: str) -> list[Period]:
    """Return the periods from the day ``first`` to the day ``last``, both included, in order.

    ``step`` is one of STEPS; the first and last period may be cut short by those days.
    """
    days = {day: Period(day, day + ONE_DAY) for day in _days(first, last)}
    for day, views in _views(scope, first, last):
        days[day].views = views
    for row in _enquiries(scope, first, last):
        days[row["day"]].enquiries = row["number"]
        days[row["day"]].answered = row["answers"]
        days[row["day"]].waited = row["waited"] or timedelta()
    for day, nights in _nights(scope, first, last).items():
        days[day].nights = nights
    return _grouped(days.values(), step)


def total(periods: Iterable[Period]) -> Period:
    """Return the sum of all periods."""
    periods = list(periods)
    whole = Period(periods[0].start, periods[-1].end)
    for period in periods:
        whole.add(period)
    return whole


def add_up(*, before: date, again_from: date) -> None:
    """Save totals of days before ``before`` that have none or are not before ``again_from``."""
    newest = DailyTotal.objects.filter(day__lt=again_from).aggregate(Max("day"))["day__max"]
    days = DailyViews.objects.filter(day__lt=before)
    if newest:
        days = days.filter(day__gt=newest)
    DailyTotal.objects.bulk_create(
        [
            DailyTotal(day=row["day"], views=row["total"])
            for row in days.values("day").annotate(total=Sum("views")).order_by("day")
        ],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["views"],
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _views(scope: Scope, first: date, last: date) -> QuerySet | list:
    rows = DailyViews.objects.filter(day__range=(first, last))
    if scope.letting:
        return rows.filter(letting=scope.letting).values_list("day", "views")
    if scope.host:
        rows = rows.filter(letting__host=scope.host)
    else:
        known = dict(
            DailyTotal.objects.filter(day__range=(first, last)).values_list("day", "views")
        )
        rows = rows.filter(day__gt=max(known)) if known else rows
        return [*known.items(), *_by_day(rows)]
    return _by_day(rows)


def _by_day(rows: QuerySet) -> QuerySet:
    return rows.values("day").annotate(total=Sum("views")).values_list("day", "total")


def _enquiries(scope: Scope, first: date, last: date) -> QuerySet:
    since = datetime.combine(first, time(), UTC)
    until = datetime.combine(last + ONE_DAY, time(), UTC)
    rows = Enquiry.objects.filter(created_at__gte=since, created_at__lt=until)
    if scope.host or scope.letting:
        rows = rows.filter(scope.condition())
    waited = ExpressionWrapper(F("answered_at") - F("created_at"), DurationField())
    return (
        rows.annotate(day=TruncDate("created_at", tzinfo=UTC))
        .values("day")
        .annotate(number=Count("pk"), answers=Count("answered_at"), waited=Sum(waited))
        .order_by()
    )


def _nights(scope: Scope, first: date, last: date) -> Counter[date]:
    booked = Enquiry.objects.filter(state=Enquiry.State.BOOKED, arrive__lte=last, leave__gt=first)
    if scope.host or scope.letting:
        booked = booked.filter(scope.condition())
    nights: Counter[date] = Counter()
    for arrive, leave in booked.values_list("arrive", "leave").iterator():
        nights.update(_days(max(arrive, first), min(leave - ONE_DAY, last)))
    return nights


def _grouped(days: Iterable[Period], step: str) -> list[Period]:
    if step == DAY:
        return list(days)
    groups: dict[tuple[int, ...], Period] = {}
    for day in days:
        iso = day.start.isocalendar()
        key = (iso.year, iso.week) if step == WEEK else (day.start.year, day.start.month)
        if key in groups:
            groups[key].add(day)
            groups[key].end = day.end
        else:
            groups[key] = day
    return list(groups.values())
