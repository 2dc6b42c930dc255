"""manage.py load_sample: load the sample data of each app."""

from __future__ import annotations

from argparse import ArgumentParser

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from dashboard import sample as dashboard
from enquiries import sample as enquiries
from lettings.models import Letting
from lettings.sample import generated, original
from lettings.sample.original_content import PLACES

DEMO_PASSWORD = "Abc1234!"
DEMO_STAFF, DEMO_HOST, DEMO_GUEST = "admin", "AirWow", "DavWin"


class Command(BaseCommand):
    """Loads the sample once; a second run changes nothing."""

    help = (
        "Load the six lettings and four profiles of the original site, once. What is there"
        " already is never changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --lettings N."""
        parser.add_argument(
            "--lettings",
            type=int,
            default=0,
            metavar="N",
            help="have N more believable lettings, such as 100000, to try the site at size",
        )

    def handle(self, *, lettings: int, **options: object) -> None:
        """Load the sample, and print what was done."""
        if lettings < 0:
            raise CommandError(f"--lettings {lettings}: write a whole number, such as 1000.")
        if original.load():
            titles = [place.title for place in PLACES]
            loaded = Letting.objects.filter(title__in=titles)
            number = enquiries.load(loaded)
            dashboard.load(loaded)
            if not settings.DEPLOYED:
                self.open_the_doors()
            self.say(f"Loaded six lettings, four profiles and {number} enquiries.")
        else:
            self.say("The sample is here already; nothing was changed.")
        if lettings:
            added = generated.top_up(lettings)
            self.say(f"Added {added} generated lettings; {lettings} were wanted.")
        if not settings.DEPLOYED:
            self.tell_of_demo_users()

    def open_the_doors(self) -> None:
        """Let developers sign in as a host and a guest of the sample that was just loaded."""
        for user in User.objects.filter(username__in=[DEMO_HOST, DEMO_GUEST]):
            user.set_password(DEMO_PASSWORD)
            user.save(update_fields=["password"])

    def tell_of_demo_users(self) -> None:
        """Make the superuser of development, unless somebody has that name; say who comes in."""
        if not User.objects.filter(username=DEMO_STAFF).exists():
            User.objects.create_superuser(DEMO_STAFF, password=DEMO_PASSWORD)
        people = {DEMO_STAFF: "staff", DEMO_HOST: "a host", DEMO_GUEST: "a guest"}
        users = User.objects.filter(username__in=people)
        names = [
            f"{user.username} ({people[user.username]})"
            for user in sorted(users, key=lambda user: list(people).index(user.username))
            if user.check_password(DEMO_PASSWORD)
        ]
        if names:
            self.say(f"Sign in as {', '.join(names)} with the password {DEMO_PASSWORD}")

    def say(self, sentence: str) -> None:
        """Write a line to standard output."""
        self.stdout.write(sentence)
