from django.apps import AppConfig


class LettingsConfig(AppConfig):
    """Lettings: what is let, where, for how much, and its pictures."""

    name = "lettings"
