from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground: page cache, REST, logs, health, files. It has no models."""

    name = "core"
