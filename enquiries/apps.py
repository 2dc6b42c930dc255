from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete
from django.utils.translation import gettext_lazy as _


class EnquiriesConfig(AppConfig):
    """Enquiries: a guest writes to a host, who answers; nights are booked once."""

    name = "enquiries"
    verbose_name = _("Enquiries")

    def ready(self) -> None:
        from . import availability, writing

        post_migrate.connect(
            availability.keep, sender=self, dispatch_uid="enquiries.availability.keep"
        )
        pre_delete.connect(
            writing.end_with_letting,
            sender="lettings.Letting",
            dispatch_uid="enquiries.writing.end_with_letting",
        )
