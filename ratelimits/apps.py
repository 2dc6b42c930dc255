from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RateLimitsConfig(AppConfig):
    """Rate limits that have to hold: kept in the database, whatever becomes of the cache."""

    name = "ratelimits"
    verbose_name = _("Rate limits")
