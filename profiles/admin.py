"""The admin of profiles."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import avatars, names
from .models import Profile


@admin.register(Profile)
class ProfileAdmin(admin.ModelAdmin):
    """Profiles, with links to their users."""

    list_display = ["username", "full_name", "favorite_city", "member_since", "account"]
    list_filter = ["user__is_active", "user__is_staff"]
    list_per_page = 50
    search_fields = ["user__username", "user__first_name", "user__last_name", "favorite_city"]
    search_help_text = _("Username, name or favourite city")
    date_hierarchy = "user__date_joined"
    ordering = ["compared_name", "pk"]
    show_full_result_count = False
    autocomplete_fields = ["user"]
    # Read-only: a file uploaded here would bypass avatars.py. It would keep its size and the
    # camera's metadata, and have a name that no page serves.
    readonly_fields = ["picture"]
    actions = ["remove_pictures"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Profile]:
        """Return profiles with their users; also for the autocomplete."""
        return super().get_queryset(request).select_related("user")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Profile], search_term: str
    ) -> tuple[QuerySet[Profile], bool]:
        """Return what Django finds, and who has such a user name but for capitals and accents."""
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        if form := names.form_of(search_term):
            rows |= queryset.filter(compared_name__contains=form)
        return rows, may_repeat

    def has_delete_permission(self, request: HttpRequest, obj: Profile | None = None) -> bool:
        """Return False: a profile is deleted with its user, on the page of the user."""
        return False

    def view_on_site(self, obj: Profile) -> str:
        """Return the path of the public page."""
        return obj.get_absolute_url()

    @admin.action(
        description=_("Remove the pictures of selected profiles"), permissions=["change"]
    )
    @transaction.atomic
    def remove_pictures(self, request: HttpRequest, queryset: QuerySet[Profile]) -> None:
        """Remove the pictures of the chosen profiles, with their files."""
        chosen = Profile.objects.filter(pk__in=[profile.pk for profile in queryset])
        shown = chosen.exclude(picture="").select_for_update()
        for profile in shown:
            avatars.delete_after_commit(profile.picture.name)
            profile.picture = ""
            profile.save(update_fields=["picture"])
            self.log_change(request, profile, [{"changed": {"fields": ["picture"]}}])
        words = ngettext(
            "%(number)s picture is removed.", "%(number)s pictures are removed.", len(shown)
        )
        self.message_user(request, words % {"number": len(shown)}, messages.SUCCESS)

    @admin.display(description=_("username"), ordering="compared_name")
    def username(self, profile: Profile) -> str:
        """Return the user name, which is in the address of the public page."""
        return profile.user.username

    @admin.display(description=_("name"), ordering="user__last_name")
    def full_name(self, profile: Profile) -> str:
        """Return first and last name."""
        return profile.user.get_full_name() or "–"

    @admin.display(description=_("member since"), ordering="user__date_joined")
    def member_since(self, profile: Profile) -> object:
        """Return when the user joined."""
        return profile.user.date_joined.date()

    @admin.display(description=_("user"))
    def account(self, profile: Profile) -> str:
        """Return a link to the user: password, groups, permissions."""
        path = reverse("admin:auth_user_change", args=[profile.user_id])
        return format_html('<a href="{}">{}</a>', path, gettext("Account"))
