"""The jobs of accounts."""

from datetime import timedelta
from unittest import mock

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.test import TestCase
from django.utils import timezone

from accounts.models import KeptAnswer
from accounts.tasks import forget, make_missing_profiles
from enquiries.tests.factories import make_enquiry
from lettings.tests.factories import make_letting
from profiles.models import Profile


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

    def test_who_confirms_while_others_are_forgotten_stays(self):
        first = self.make("first", days=9, verified=False)
        second = self.make("second", days=9, verified=False)
        erased = []

        def erase(user):
            erased.append(user)
            EmailAddress.objects.exclude(user=user).update(verified=True)

        with mock.patch("accounts.personal_data.erase", erase):
            forget()
        self.assertEqual(len(erased), 1)
        self.assertIn(erased[0], {first, second})

    def test_a_failed_deletion_does_not_stop_the_others(self):
        for name in ("first", "second"):
            self.make(name, days=9, verified=False)
        with (
            mock.patch("accounts.personal_data.erase", side_effect=OSError("away")) as erase,
            self.assertRaisesMessage(OSError, "away"),
        ):
            forget()
        self.assertEqual(erase.call_count, 2)

    def test_nobody_who_lets_or_asked_is_forgotten(self):
        """They must have been in once, whatever else is in their rows."""
        for name, make in (
            ("host", lambda profile: make_letting("Haus", host=profile)),
            ("guest", lambda profile: make_enquiry(None, guest=profile)),
            ("asked", lambda profile: make_enquiry(None, host=profile)),
        ):
            make(self.make(name, days=8, verified=False).profile)
        forget()
        self.assertEqual(User.objects.count(), 3)

    def test_answers_are_kept_for_a_day(self):
        user = self.make("ada", days=1)
        for key, hours in (("old", 25), ("new", 23)):
            moment = timezone.now() - timedelta(hours=hours)
            KeptAnswer.objects.create(user=user, key=key, request="", created_at=moment)
        forget()
        self.assertEqual([kept.key for kept in KeptAnswer.objects.all()], ["new"])


class MissingProfileTests(TestCase):
    def test_who_came_without_a_profile_gets_one(self):
        there = User.objects.create_user("ada").profile
        bob, eve = User.objects.bulk_create([User(username="bob"), User(username="eve")])
        make_missing_profiles()
        self.assertEqual(
            set(Profile.objects.values_list("user", flat=True)), {there.user_id, bob.pk, eve.pk}
        )
        self.assertTrue(Profile.objects.contains(there))


class SessionTests(TestCase):
    def test_from_where_somebody_signed_in_goes_with_the_session(self):
        user = User.objects.create_user("ada")
        self.client.force_login(user)
        old = timezone.now() - timedelta(days=2)
        given = {"user": user, "ip": "203.0.113.1", "created_at": old}
        UserSession.objects.create(session_key=self.client.session.session_key, **given)
        UserSession.objects.create(session_key="over", **given)
        UserSession.objects.create(session_key="about to begin", user=user, ip="203.0.113.1")
        forget()
        kept = set(UserSession.objects.values_list("session_key", flat=True))
        self.assertEqual(kept, {self.client.session.session_key, "about to begin"})
