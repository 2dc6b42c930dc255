"""A year of views for the sample's lettings: the same at every load, up to today."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from lettings.models import Letting

from .models import DailyViews

DAYS = 365


def load(lettings: QuerySet[Letting]) -> None:
    """Load views for these lettings, unless there are any at all."""
    if DailyViews.objects.exists():
        return
    chance, today = random.Random(2021), datetime.now(UTC).date()
    DailyViews.objects.bulk_create(
        DailyViews(letting=letting, day=day, views=_views(day, chance))
        for letting in lettings.order_by("pk")
        for day in (today - timedelta(days=ago) for ago in range(DAYS))
    )


def _views(day: date, chance: random.Random) -> int:
    """People look in January and before the summer, and at weekends."""
    season = 1.2 + math.cos((day.timetuple().tm_yday - 20) / 58)
    weekend = 1.6 if day.weekday() >= 5 else 1.0
    return round(chance.uniform(3, 9) * season * weekend)
