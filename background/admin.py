"""The admin of the outbox and the jobs: their state, never the text of a mail."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import delivery
from .models import Job, Mail


class LookOnly(admin.ModelAdmin):
    """A read-only admin for rows that the site itself writes."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: nobody adds rows by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Return False: nobody changes rows by hand."""
        return False


@admin.register(Mail)
class MailAdmin(LookOnly):
    """The outbox: waiting, delivered and failed mail; failed mail can be tried again."""

    list_display = ["subject", "to", "state", "tries", "created_at", "due_at", "sent_at", "error"]
    list_filter = ["state"]
    search_fields = ["subject", "message_id"]
    ordering = ["-pk"]
    exclude = ["content"]
    actions = ["try_again"]

    @admin.display(description=_("to"))
    def to(self, mail: Mail) -> str:
        """Return the recipients."""
        return ", ".join(mail.recipients)

    @admin.action(description=_("Try again those that failed"), permissions=["delete"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        """Put failed mail back into the queue, for another day."""
        number = delivery.try_again(queryset)
        words = ngettext(
            "%(number)s mail is tried again.", "%(number)s mails are tried again.", number
        )
        self.message_user(request, words % {"number": number}, messages.SUCCESS)


@admin.register(Job)
class JobAdmin(LookOnly):
    """The jobs: when each last ran, its result, and when it is due."""

    list_display = ["name", "due_at", "began_at", "ended_at", "error"]
    ordering = ["name"]
