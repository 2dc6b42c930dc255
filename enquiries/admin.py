"""The admin of enquiries, to read them and to delete spam; messages can't be changed."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from .models import Enquiry, Message


class MessageInline(admin.TabularInline):
    """The messages of an enquiry."""

    model = Message
    fields = readonly_fields = ["written_at", "by_host", "text"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Return False: staff write no messages for others."""
        return False


@admin.register(Enquiry)
class EnquiryAdmin(admin.ModelAdmin):
    """Enquiries by state and day; staff may delete one (spam), but not add or change any."""

    inlines = [MessageInline]
    list_display = [
        "letting_title",
        "host",
        "guest_name",
        "state",
        "arrive",
        "leave",
        "created_at",
    ]
    list_filter = ["state"]
    list_select_related = ["host__user"]
    list_per_page = 50
    search_fields = ["letting_title", "guest_name", "guest_email", "host__user__username"]
    ordering = ["-pk"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: enquiries come from guests."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Return False: only host and guest change the state, and are mailed about it."""
        return False
