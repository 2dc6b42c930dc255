from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """The dashboard: figures of lettings, for hosts and for staff."""

    name = "dashboard"
    verbose_name = _("Dashboard")
