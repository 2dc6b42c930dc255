import signal
import sys
import time
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from ...release_phase.lock import connect, release_lock
from ...release_phase.migrate import lift_time_limits, migrate, pending


class Command(BaseCommand):
    help = (
        "Migrates for a release: checks, waits for a release under way, shows the plan, migrates "
        "without holding up the site, checks again. Exits 75 when another release is at work."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--wait",
            type=float,
            default=300,
            metavar="SECONDS",
            help="how long to wait for another release (default: 300)",
        )

    def handle(self, *, wait, **options):
        self.began = time.monotonic()
        self.say(f"release {settings.RELEASE} for {settings.ENVIRONMENT}")
        call_command("check", deploy=settings.DEPLOYED)
        with stopped_by_sigterm():
            connect(connection, self.say)
            with release_lock(connection, wait, self.say):
                self.change_the_schema()
        self.say("done")

    def change_the_schema(self):
        # The first check left the database out. Does it allow enough connections?
        known = {"databases": [connection.alias], "tags": ["database"]}
        call_command("check", deploy=settings.DEPLOYED, **known)
        count = len(pending(connection))
        timeout = lift_time_limits(connection)
        self.say(f"{count} migration{'' if count == 1 else 's'} to apply (lock_timeout {timeout})")
        if count:
            call_command("migrate", plan=True)
            migrate(connection, self.say)
        call_command("check", databases=[connection.alias])
        left = pending(connection)
        if left:
            raise CommandError(f"Still to apply: {', '.join(map(str, left))}")

    def say(self, words):
        self.stdout.write(f"[{time.monotonic() - self.began:5.1f} s] {words}")


@contextmanager
def stopped_by_sigterm():
    """Raise on SIGTERM, so that every ``finally`` runs; by default, process 1 ignores it."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
