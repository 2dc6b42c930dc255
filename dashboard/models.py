"""Daily counts of views."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DailyViews(models.Model):
    """The views of a letting's page on one day (UTC), without any data of visitors."""

    # the constraint below is its index
    letting = models.ForeignKey(
        "lettings.Letting",
        on_delete=models.CASCADE,
        related_name="daily_views",
        db_index=False,
    )
    day = models.DateField()
    views = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("daily views")
        constraints = [
            models.UniqueConstraint(fields=["letting", "day"], name="dashboard_dailyviews_once"),
        ]
        indexes = [models.Index(fields=["day"], name="dashboard_dailyviews_day")]

    def __str__(self) -> str:
        return f"{self.letting_id}, {self.day}: {self.views}"


class DailyTotal(models.Model):
    """The views of all lettings on a past day, stored so that they need not be added up again."""

    day = models.DateField(primary_key=True)
    views = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("daily total")
        verbose_name_plural = _("daily totals")

    def __str__(self) -> str:
        return f"{self.day}: {self.views}"
