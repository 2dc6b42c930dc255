"""The admin of accounts: Django's own, with a thorough deletion."""

from __future__ import annotations

from collections import Counter
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from core.web.forms import PlainTexts
from core.web.datetimes import MOMENTS, KeepsMoments
from lettings.models import Address
from profiles import names
from profiles.models import Profile

from . import personal_data

admin.site.unregister(User)


class FreeName:
    """Mixin for a form of a user: its name is no other user's but for capitals and accents."""

    def clean_username(self) -> str:
        """Return the name; raise ValidationError if it is new and taken."""
        name = self.cleaned_data["username"]
        if name != self.initial.get("username") and names.is_taken(name, self.instance):
            raise get_adapter().validation_error("username_taken")
        return name


class AccountForm(FreeName, PlainTexts, KeepsMoments, UserChangeForm):
    """Django's form, that also accepts ``date_joined`` in an hour that the clock repeats."""


class NewAccountForm(FreeName, PlainTexts, AdminUserCreationForm):
    """Django's form of a new account."""


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's, but a deletion is as thorough as by the users themselves (personal_data.erase)."""

    form = AccountForm
    add_form = NewAccountForm
    formfield_overrides = MOMENTS

    def get_deleted_objects(
        self, objs: QuerySet[User] | list[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Return the users' lettings too, which need permission of their own to be deleted.

        A profile needs no permission: it is deleted only with its user (ProfileAdmin). A draft
        of a letting is listed, and counted, both under its host and under the letting.
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
        """Delete one user."""
        personal_data.erase(obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete the users chosen in the list, all or none."""
        for user in queryset:
            personal_data.erase(user)
