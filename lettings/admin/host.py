"""The admin of profiles, with what each host lets."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from profiles.admin import ProfileAdmin
from profiles.models import Profile

admin.site.unregister(Profile)


@admin.register(Profile)
class HostAdmin(ProfileAdmin):
    """Profiles, with links to their users and lettings."""

    list_display = [*ProfileAdmin.list_display[:-1], "lets", ProfileAdmin.list_display[-1]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Profile]:
        """Return profiles with their numbers of lettings; also for the autocomplete."""
        return super().get_queryset(request).annotate(letting_count=Count("lettings"))

    @admin.display(description=_("lettings"), ordering="letting_count")
    def lets(self, profile: Profile) -> str:
        """Return the number of their lettings, as a link to them."""
        path = reverse("admin:lettings_letting_changelist")
        return format_html(
            '<a href="{}?host__id__exact={}">{}</a>', path, profile.pk, profile.letting_count
        )
