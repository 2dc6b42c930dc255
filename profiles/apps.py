from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    """Profiles: who lets and who stays."""

    name = "profiles"
