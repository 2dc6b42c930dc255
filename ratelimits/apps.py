from django.apps import AppConfig


class RateLimitsConfig(AppConfig):
    """Rate limits that must hold: stored in the database, independent of the cache."""

    name = "ratelimits"
    verbose_name = "Rate limits"
