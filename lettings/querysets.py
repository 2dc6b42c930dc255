"""The words in which the site asks for lettings."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone


class LettingQuerySet(models.QuerySet):
    """Lettings, by what a visitor may see and what a page needs."""

    def published(self, at: datetime | None = None) -> Self:
        """Keep the lettings that are public at that moment (now by default)."""
        return self.filter(published_at__lte=at or timezone.now())

    def newest(self) -> Self:
        """Order by publication, latest first; the id settles ties."""
        return self.order_by("-published_at", "-pk")

    def for_cards(self) -> Self:
        """Fetch what a card shows: two queries, whatever the number of rows."""
        return self.select_related("address").prefetch_related("photos")

    def near(self, letting: models.Model) -> Self:
        """Give the others of the same state for cards, those of the same city first."""
        address = letting.address
        elsewhere = models.Case(models.When(address__city=address.city, then=0), default=1)
        return (
            self.filter(
                address__country_iso_code=address.country_iso_code, address__state=address.state
            )
            .exclude(pk=letting.pk)
            .select_related("address")
            .order_by(elsewhere, "-published_at", "-pk")
        )
