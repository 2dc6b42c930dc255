"""The queries for lettings."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

NEARBY = 24


class LettingQuerySet(models.QuerySet):
    """Lettings: by who may see or change them, and with what a page needs."""

    def published(self, at: datetime | None = None) -> Self:
        """Return the lettings that are public at that moment (default: now)."""
        return self.filter(published_at__lte=at or timezone.now())

    def visible_to(self, user: AbstractBaseUser | AnonymousUser, at: datetime) -> Self:
        """Return what this user may see: public lettings, their own, and all for staff."""
        if user.is_staff:
            return self
        if user.is_authenticated:
            return self.filter(models.Q(published_at__lte=at) | models.Q(host__user=user.pk))
        return self.published(at)

    def run_by(self, user: AbstractBaseUser) -> Self:
        """Return what this user may change: their own lettings, and all for staff."""
        return self if user.is_staff else self.filter(host__user=user.pk)

    def newest(self) -> Self:
        """Return them by publication, latest first; the id breaks ties."""
        return self.order_by("-published_at", "-pk")

    def for_cards(self) -> Self:
        """Return them with all that a card shows, in two queries for any number of rows."""
        return self.select_related("address").prefetch_related("photos")

    def near(self, letting: models.Model) -> Self:
        """Return other lettings of the same state for cards, those of the same city first.

        Reads at most NEARBY addresses, so that a state with thousands costs no more than a small
        one: to sort them all took a tenth of a second.
        """
        here = letting.address
        addresses = type(here).objects.filter(
            country_iso_code=here.country_iso_code, state=here.state
        )
        same_city_first = models.Case(models.When(city=here.city, then=0), default=1)
        nearby = addresses.exclude(pk=here.pk).order_by(same_city_first, "-pk")[:NEARBY]
        elsewhere = models.Case(models.When(address__city=here.city, then=0), default=1)
        return (
            self.filter(address__in=nearby.values("pk"))
            .select_related("address")
            .order_by(elsewhere, "-published_at", "-pk")
        )
