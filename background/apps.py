from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    """Background: what goes on behind the pages."""

    name = "background"
