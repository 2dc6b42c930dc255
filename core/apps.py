from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Page cache, REST, logs, health and files. It has no models."""

    name = "core"
