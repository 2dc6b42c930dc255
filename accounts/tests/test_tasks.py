"""The nightly clean-up of accounts."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import TestCase
from django.utils import timezone

from accounts.models import KeptAnswer
from accounts.tasks import forget


class ForgetTests(TestCase):
    def make(self, name, *, days, verified=None, **fields):
        joined = timezone.now() - timedelta(days=days)
        user = User.objects.create_user(name, date_joined=joined, **fields)
        if verified is not None:
            EmailAddress.objects.create(user=user, email=f"{name}@example.com", verified=verified)
        return user

    def test_who_confirmed_nothing_for_a_week_is_forgotten_and_nobody_else(self):
        self.make("stranger", days=8, verified=False)
        self.make("newcomer", days=6, verified=False)
        self.make("member", days=8, verified=True)
        self.make("changing", days=8, verified=False, last_login=timezone.now())
        self.make("of2021", days=1500)
        both = self.make("both", days=8, verified=False)
        EmailAddress.objects.create(user=both, email="other@example.com", verified=True)
        forget()
        self.assertEqual(
            set(User.objects.values_list("username", flat=True)),
            {"newcomer", "member", "changing", "of2021", "both"},
        )

    def test_answers_are_kept_for_a_day(self):
        user = self.make("ada", days=1)
        for key, hours in (("old", 25), ("new", 23)):
            moment = timezone.now() - timedelta(hours=hours)
            KeptAnswer.objects.create(user=user, key=key, request="", created_at=moment)
        forget()
        self.assertEqual([kept.key for kept in KeptAnswer.objects.all()], ["new"])
