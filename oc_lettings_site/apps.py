from django.apps import AppConfig, apps
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate


class SiteConfig(AppConfig):
    """The site package: settings, pages that belong to no app, the monolith's migrations."""

    name = "oc_lettings_site"
    verbose_name = "Orange County Lettings"

    def ready(self) -> None:
        """Report errors, watch what is written, and let ``migrate`` first look at old data."""
        from . import checks  # noqa: F401 (registers them)
        from .old_data.problems import stop_early
        from .sql_wrappers import wrap

        # The SDK's import is a tenth of what a process takes to start.
        if settings.SENTRY_DSN:
            from core.observability import sentry

            sentry.init()
        connection_created.connect(wrap)
        # Apps without models, as this one, send no such signal.
        pre_migrate.connect(stop_early, sender=apps.get_app_config("lettings"))
