from django.apps import AppConfig


class RateLimitsConfig(AppConfig):
    """Rate limits that have to hold: kept in the database, whatever becomes of the cache."""

    name = "ratelimits"
    verbose_name = "Rate limits"
