from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ...observability.sentry_check import send


class Command(BaseCommand):
    help = "Sends one event to Sentry and says what the server answered."

    def handle(self, **options):
        if not settings.SENTRY_DSN:
            raise CommandError(
                "SENTRY_DSN is not set, so errors are only logged.\n"
                "  fix: export SENTRY_DSN=https://key@host/project"
            )
        accepted, words = send(settings.SENTRY_DSN, settings.RELEASE, settings.ENVIRONMENT)
        if not accepted:
            raise CommandError(words)
        self.stdout.write(words)
