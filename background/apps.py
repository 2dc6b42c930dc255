from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class BackgroundConfig(AppConfig):
    """The app for background work."""

    name = "background"
    verbose_name = _("Background")

    def ready(self) -> None:
        from . import clock

        if settings.BACKGROUND == "thread":
            clock.start_with_the_first_request()
