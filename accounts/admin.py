"""Staff's pages of accounts: Django's own, and whoever is deleted there is deleted whole."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from core.web.forms import PlainTexts
from core.web.moments import MOMENTS, KeepsMoments
from lettings.models import Address
from profiles.models import Profile

from . import personal_data

admin.site.unregister(User)


class AccountForm(PlainTexts, KeepsMoments, UserChangeForm):
    """Django's, which would else refuse who joined in an hour that comes twice."""


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's, but that a deletion there is as thorough as one's own (personal_data.erase)."""

    form = AccountForm
    formfield_overrides = MOMENTS

    def get_deleted_objects(
        self, objs: QuerySet[User] | list[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Show their lettings too before it is confirmed, and ask leave to delete those.

        A profile needs no leave: it goes with its user, and never without (ProfileAdmin).
        A draft that changes a letting is shown, and counted, with its host and with the letting.
        """
        addresses = Address.objects.filter(letting__host__user__in=objs)
        users, user_counts, no_leave, protected = super().get_deleted_objects(objs, request)
        homes, home_counts, no_leave_for_homes, protected_homes = super().get_deleted_objects(
            addresses, request
        )
        return (
            users + homes,
            dict(Counter(user_counts) + Counter(home_counts)),
            (no_leave | no_leave_for_homes) - {Profile._meta.verbose_name},
            protected + protected_homes,
        )

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete one."""
        personal_data.erase(obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete those that were chosen in the list: all, or none."""
        for user in queryset:
            personal_data.erase(user)
