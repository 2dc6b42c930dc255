"""manage.py load_sample: what a fresh site shows, each app's own."""

from __future__ import annotations

from argparse import ArgumentParser

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from enquiries import sample as enquiries
from lettings.models import Letting
from lettings.sample import first, many
from lettings.sample.content import PLACES

DEMO_USER, DEMO_PASSWORD = "admin", "Abc1234!"


class Command(BaseCommand):
    """Loads the sample once; a second run changes nothing."""

    help = (
        "Load the six lettings and four profiles of the original site, once. What is there"
        " already is never changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --lettings N."""
        parser.add_argument(
            "--lettings",
            type=int,
            default=0,
            metavar="N",
            help="have N more believable lettings, such as 100000, to try the site at size",
        )

    def handle(self, *, lettings: int, **options: object) -> None:
        """Load, and say what was done."""
        if lettings < 0:
            raise CommandError(f"--lettings {lettings}: write a whole number, such as 1000.")
        if first.load():
            titles = [place.title for place in PLACES]
            number = enquiries.load(Letting.objects.filter(title__in=titles))
            self.say(f"Loaded six lettings, four profiles and {number} enquiries.")
        else:
            self.say("The sample is here already; nothing was changed.")
        if lettings:
            added = many.top_up(lettings)
            self.say(f"Added {added} generated lettings; {lettings} were wanted.")
        if not settings.DEPLOYED:
            self.demo_user()

    def demo_user(self) -> None:
        """Make the demo superuser of development, unless somebody has that name."""
        user = User.objects.filter(username=DEMO_USER).first()
        if user is None:
            user = User.objects.create_superuser(DEMO_USER, password=DEMO_PASSWORD)
        if user.check_password(DEMO_PASSWORD):
            self.say(f"Sign in to /admin/ as {DEMO_USER} with the password {DEMO_PASSWORD}")

    def say(self, sentence: str) -> None:
        """Write a line to standard output."""
        self.stdout.write(sentence)
