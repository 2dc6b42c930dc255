"""The filters of the lists of lettings and addresses in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import Address, Photo


class QueryFilter(admin.SimpleListFilter):
    """A filter with fixed choices, each a value, a label and a condition."""

    conditions: tuple[tuple[str, str, Q], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        """Return the choices."""
        return [(value, words) for value, words, condition in self.conditions]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow to the choice, if one was made."""
        for value, _words, condition in self.conditions:
            if value == self.value():
                return queryset.filter(condition)
        return queryset


class StatusFilter(admin.SimpleListFilter):
    """Published, to be published, or draft."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        """Return the choices."""
        return [
            ("published", _("published")),
            ("later", _("to be published")),
            ("draft", _("draft")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow to the choice, if one was made."""
        now = timezone.now()
        conditions = {
            "published": Q(published_at__lte=now),
            "later": Q(published_at__gt=now),
            "draft": Q(published_at=None),
        }
        return queryset.filter(conditions.get(self.value(), Q()))


class StateFilter(admin.SimpleListFilter):
    """The states in which there are addresses."""

    title = pgettext_lazy("of the USA", "state")
    parameter_name = "state"
    field = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        """Return the choices; one query over an index."""
        states = Address.objects.order_by("state").values_list("state", flat=True).distinct()
        return [(state, state) for state in states]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow to the choice, if one was made."""
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class LettingStateFilter(StateFilter):
    """The same, of lettings."""

    field = "address__state"


class PriceFilter(QueryFilter):
    """Bands of price a night."""

    title = _("price a night")
    parameter_name = "price"
    conditions = (
        ("-100", _("under 100"), Q(price__lt=100)),
        ("100-200", _("100 to 199"), Q(price__gte=100, price__lt=200)),
        ("200-400", _("200 to 399"), Q(price__gte=200, price__lt=400)),
        ("400-", _("400 and more"), Q(price__gte=400)),
        ("none", _("no price"), Q(price=None)),
    )


class SleepsFilter(QueryFilter):
    """How many a letting sleeps."""

    title = _("sleeps")
    parameter_name = "sleeps"
    conditions = (
        ("1-2", _("1 or 2"), Q(sleeps__lte=2)),
        ("3-4", _("3 or 4"), Q(sleeps__range=(3, 4))),
        ("5-8", _("5 to 8"), Q(sleeps__range=(5, 8))),
        ("9-", _("9 and more"), Q(sleeps__gte=9)),
        ("none", _("not said"), Q(sleeps=None)),
    )


class PicturesFilter(QueryFilter):
    """Lettings that still lack a picture."""

    title = _("pictures")
    parameter_name = "pictures"
    conditions = (
        ("yes", _("with pictures"), Q(Exists(Photo.objects.filter(letting=OuterRef("pk"))))),
        ("no", _("without pictures"), ~Q(Exists(Photo.objects.filter(letting=OuterRef("pk"))))),
    )


class HostFilter(QueryFilter):
    """Lettings that nobody answers for."""

    title = _("host")
    parameter_name = "hosted"
    conditions = (
        ("yes", _("with a host"), Q(host__isnull=False)),
        ("no", _("without a host"), Q(host=None)),
    )
