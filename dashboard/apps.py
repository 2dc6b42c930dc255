from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Dashboard: what became of lettings, for their hosts and for staff."""

    name = "dashboard"
