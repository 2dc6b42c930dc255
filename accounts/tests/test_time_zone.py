"""POST /accounts/time-zone/, and where else somebody's time zone comes from and shows."""

import json
import zipfile
from datetime import UTC, datetime
from unittest import mock

from django.contrib.auth.models import User
from django.core import mail
from django.test import Client, TestCase
from django.utils import timezone

from accounts import personal_data
from core import pagecache
from enquiries import mails, tasks
from enquiries.models import Message
from enquiries.tests.factories import make_enquiry
from lettings.models import Draft
from lettings.tests.factories import make_letting
from profiles.models import Profile

from .account_case import AccountCase

CALIFORNIA = "America/Los_Angeles"
# The evening before in California.
NEW_YEAR = datetime(2029, 1, 1, 3, 30, tzinfo=UTC)


def make_user(name, zone=""):
    user = User.objects.create_user(name, f"{name}@example.org")
    Profile.objects.filter(user=user).update(time_zone=zone)
    return User.objects.get(pk=user.pk)


class GuessTests(TestCase):
    def setUp(self):
        self.user = make_user("ada")
        self.client.force_login(self.user)

    def guess(self, zone, client=None):
        return (client or self.client).post("/accounts/time-zone/", {"time_zone": zone})

    def zone(self):
        return Profile.objects.get(user=self.user).time_zone

    def test_it_works_and_is_asked_once(self):
        for path in ("/accounts/", "/lettings/"):
            page = self.client.get(path)
            self.assertContains(page, "data-time-zone")
            self.assertContains(page, "accounts/time-zone.js")
        self.assertEqual(self.guess("US/Pacific").status_code, 204)
        self.assertEqual(self.zone(), CALIFORNIA)
        self.assertNotContains(self.client.get("/accounts/"), "data-time-zone")

    def test_another_browser_changes_nothing(self):
        self.guess("Europe/Paris")
        other = Client()
        other.force_login(self.user)
        self.assertEqual(self.guess("Asia/Tokyo", other).status_code, 204)
        self.assertEqual(self.zone(), "Europe/Paris")

    def test_nonsense_is_refused_quietly_and_not_asked_again(self):
        for nonsense in ("", "Mars/Olympus", "a\0b", "x" * 10_000):
            self.assertEqual(self.guess(nonsense).status_code, 204)
        self.assertEqual(self.client.post("/accounts/time-zone/").status_code, 204)
        self.assertEqual(self.zone(), "")
        self.assertNotContains(self.client.get("/accounts/"), "data-time-zone")

    def test_a_wrong_method(self):
        self.assertEqual(self.client.get("/accounts/time-zone/").status_code, 405)

    def test_a_stranger(self):
        answer = self.guess("Europe/Paris", Client())
        self.assertContains(answer, 'value="Europe/Paris"', status_code=403)
        self.assertEqual(self.zone(), "")

    def test_without_a_token_of_the_form_it_is_refused(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.user)
        self.assertEqual(self.guess("Europe/Paris", strict).status_code, 403)

    def test_no_kept_page_goes(self):
        before = pagecache.generation()
        with self.captureOnCommitCallbacks(execute=True):
            self.guess("Europe/Paris")
        self.assertEqual(pagecache.generation(), before)


class SignUpTests(AccountCase):
    def test_the_browser_names_the_zone(self):
        self.assertContains(self.client.get("/accounts/signup/"), "data-time-zone")
        self.sign_up(time_zone="Asia/Calcutta")
        self.assertEqual(Profile.objects.get().time_zone, "Asia/Kolkata")

    def test_nonsense_or_no_script_is_no_hindrance(self):
        for name, more in (
            ("ada1", {}),
            ("ada2", {"time_zone": "a\0b"}),
            ("ada3", {"time_zone": "x" * 999}),
        ):
            self.client.logout()
            self.sign_up(name, f"{name}@example.com", **more)
            self.assertEqual(Profile.objects.get(user__username=name).time_zone, "")


class ChoiceTests(TestCase):
    def setUp(self):
        self.user = make_user("ada")
        self.client.force_login(self.user)

    def choose(self, **form):
        return self.client.post("/accounts/profile/", {"language": "en"} | form)

    def zone(self):
        return Profile.objects.get(user=self.user).time_zone

    def test_it_works(self):
        page = self.client.get("/accounts/profile/")
        self.assertContains(page, '<option value="UTC" selected>UTC</option>', html=True)
        self.assertContains(page, '<option value="America/New_York">New York</option>', html=True)
        self.choose(time_zone="America/New_York")
        self.assertEqual(self.zone(), "America/New_York")
        self.choose(time_zone="UTC")
        self.assertEqual(self.zone(), "UTC")

    def test_what_was_not_chosen_stays_unknown(self):
        """A browser may still name it one day."""
        self.choose(time_zone="UTC")
        self.assertEqual(self.zone(), "")
        self.choose()
        self.assertEqual(self.zone(), "")

    def test_another_is_refused(self):
        for wrong in ("US/Pacific", "Mars/Olympus", "a\0b"):
            self.assertContains(self.choose(time_zone=wrong), "Select a valid choice")
        self.assertEqual(self.zone(), "")

    def test_it_is_among_ones_data(self):
        self.choose(time_zone="Europe/Paris")
        with personal_data.archive(self.user) as file, zipfile.ZipFile(file) as archive:
            told = json.loads(archive.read("data.json"))
        self.assertEqual(told["profile"]["time_zone"], "Europe/Paris")


class ReadingTests(TestCase):
    """The pages that tell moments tell each reader those of their own clock."""

    @classmethod
    def setUpTestData(cls):
        cls.host, cls.guest = make_user("host", CALIFORNIA), make_user("guest", "Europe/Paris")
        cls.letting = make_letting("Silo", host=cls.host.profile, published_at=NEW_YEAR)
        cls.enquiry = make_enquiry(cls.letting, guest=cls.guest.profile)
        cls.strangers = make_enquiry(cls.letting)
        Message.objects.update(written_at=NEW_YEAR)
        Draft.objects.create(
            host=cls.host.profile, data={"words": {}, "pictures": [], "removed": []}, stamp="1"
        )
        Draft.objects.update(updated_at=NEW_YEAR)

    def assertTold(self, user, path, words):
        client = Client()
        if user:
            client.force_login(user)
        self.assertContains(client.get(path), words)

    def test_a_thread(self):
        path = f"/enquiries/{self.enquiry.pk}/"
        self.assertTold(self.host, path, "Dec. 31, 2028, 7:30 p.m. PST")
        self.assertTold(self.host, path, 'datetime="2028-12-31T19:30:00-08:00"')
        self.assertTold(self.guest, path, "Jan. 1, 2029, 4:30 a.m. CET")
        self.assertTold(self.guest, f"/fr{path}", "1er janvier 2029 04:30 CET")

    def test_without_an_account_or_a_zone_it_is_utc(self):
        self.assertTold(None, self.strangers.guests_link(), "Jan. 1, 2029, 3:30 a.m. UTC")
        Profile.objects.filter(user=self.host).update(time_zone="")
        self.assertTold(self.host, f"/enquiries/{self.enquiry.pk}/", "3:30 a.m. UTC")

    def test_a_draft(self):
        self.assertTold(self.host, "/lettings/mine/", "Saved Dec. 31, 2028, 7:30 p.m. PST")

    def test_nights_are_the_lettings_own(self):
        night = f"{self.enquiry.arrive:%Y}"
        for user in (self.host, self.guest):
            self.assertTold(user, f"/enquiries/{self.enquiry.pk}/", night)

    def test_the_last_moment_of_all_has_no_later_hour(self):
        last = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
        type(self.letting).objects.filter(pk=self.letting.pk).update(published_at=last)
        Profile.objects.filter(user=self.host).update(time_zone="Asia/Tokyo")
        self.assertTold(self.host, "/lettings/mine/", "Dec. 31, 9999, 11:59 p.m. UTC")

    def test_the_api_says_the_offset_and_knows_no_reader(self):
        answers = []
        for user in (None, self.host):
            client = Client()
            if user:
                client.force_login(user)
            type(self.letting).objects.update(published_at=datetime(2021, 7, 1, tzinfo=UTC))
            answers.append(client.get(f"/api/v1/lettings/{self.letting.pk}").json())
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0]["published_at"], "2021-07-01T00:00:00Z")


class MailTests(TestCase):
    def test_a_mail_is_written_in_the_zone_of_who_reads_it(self):
        host, guest = make_user("host", CALIFORNIA), make_user("guest", "Europe/Paris")
        enquiry = make_enquiry(make_letting("Silo", host=host.profile), guest=guest.profile)
        stranger = make_enquiry(enquiry.letting)
        seen = []

        def body(*args, **kwargs):
            seen.append(timezone.get_current_timezone_name())
            return "words"

        type(enquiry).objects.update(created_at=NEW_YEAR.replace(year=2021))
        with (
            timezone.override("Asia/Tokyo"),  # of whoever causes the mail
            mock.patch.object(mails, "render_to_string", body),
            mock.patch.object(tasks, "render_to_string", body),
        ):
            mails.mail_new_enquiry(enquiry, "Hello")
            mails.mail_message(stranger, "Yes", by_host=True)
            tasks.remind_hosts()
        self.assertEqual(seen, [CALIFORNIA, "Europe/Paris", "UTC", CALIFORNIA])
        self.assertEqual(len(mail.outbox), 4)
