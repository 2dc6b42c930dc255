from django.apps import AppConfig, apps
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate


class SiteConfig(AppConfig):
    """The site package: settings, pages that belong to no app, the monolith's migrations."""

    name = "oc_lettings_site"
    verbose_name = "Orange County Lettings"

    def ready(self) -> None:
        """Start Sentry, watch SQL statements, and check old data before ``migrate``."""
        from . import checks  # noqa: F401 (registers them)
        from .old_data.problems import stop_early
        from .sql_wrappers import wrap

        # Importing the SDK takes a tenth of a process's start.
        if settings.SENTRY_DSN:
            from core.observability import sentry

            sentry.init()
        connection_created.connect(wrap)
        # Apps without models, like this one, send no such signal.
        pre_migrate.connect(stop_early, sender=apps.get_app_config("lettings"))
