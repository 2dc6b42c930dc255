from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """Dashboard: what became of lettings, for their hosts and for staff."""

    name = "dashboard"
    verbose_name = _("Dashboard")
