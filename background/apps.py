from django.apps import AppConfig
from django.conf import settings


class BackgroundConfig(AppConfig):
    """Background: what goes on behind the pages."""

    name = "background"

    def ready(self) -> None:
        from . import clock

        if settings.BACKGROUND == "thread":
            clock.start_with_the_first_request()
