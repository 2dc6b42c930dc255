from django.apps import AppConfig, apps
from django.db.models.signals import pre_migrate


class SiteConfig(AppConfig):
    """The site package: settings, pages that belong to no app, the monolith's migrations."""

    name = "oc_lettings_site"
    verbose_name = "Orange County Lettings"

    def ready(self) -> None:
        """Let ``migrate`` look at the old data before it changes anything."""
        from .old_data.problems import stop_early

        # Apps without models, as this one, send no such signal.
        pre_migrate.connect(stop_early, sender=apps.get_app_config("lettings"))
