from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.web.page_extensions import Part


def write_to_host(request: HttpRequest, letting: Any) -> Part:
    """Return the link to the enquiry form, for a letting's page."""
    return Part("enquiries/_write_to_host.html", {"letting": letting})


class EnquiriesConfig(AppConfig):
    """Enquiries: a guest writes to a host, who answers; nights are booked once."""

    name = "enquiries"
    verbose_name = _("Enquiries")

    def ready(self) -> None:
        from core.web import page_extensions

        from . import actions, availability

        page_extensions.extend("letting.host", write_to_host)
        post_migrate.connect(
            availability.keep, sender=self, dispatch_uid="enquiries.availability.keep"
        )
        pre_delete.connect(
            actions.end_with_letting,
            sender="lettings.Letting",
            dispatch_uid="enquiries.actions.end_with_letting",
        )
