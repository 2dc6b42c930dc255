"""A database for the tests that start a process of their own."""

from django.apps import apps
from django.core.management import call_command
from django.test import override_settings


def make_tables() -> None:
    """Make every model's table, without the migrations' long way there."""
    with override_settings(MIGRATION_MODULES=dict.fromkeys(apps.app_configs)):
        call_command("migrate", run_syncdb=True, verbosity=0)
