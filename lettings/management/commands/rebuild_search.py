"""Rebuild the search index."""

from django.core.management.base import BaseCommand
from django.db import connection

from lettings import search


class Command(BaseCommand):
    """``manage.py rebuild_search``: for tables filled by a tool that fires no triggers."""

    help = "Make the search's index anew from the lettings and addresses in the tables."

    def handle(self, *args: object, **options: object) -> None:
        """Rebuild the index in one transaction; visitors search the old one meanwhile."""
        search.rebuild(connection)
        self.stdout.write("The search's index is made anew.")
