"""Staff write the moment of publication in their own time zone, over every change of its clock."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User

from lettings.models import Letting
from profiles.models import Profile

from .test_admin import LIST, AdminTestCase, form


class MomentTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.letting = self.lettings[0]
        self.path = f"{LIST}{self.letting.pk}/change/"
        self.live_in("America/Los_Angeles")

    def live_in(self, zone):
        Profile.objects.filter(user=self.staff).update(time_zone=zone)

    def write(self, day, hour, **more):
        moment = {"published_at_0": day, "published_at_1": hour}
        return self.client.post(self.path, form(**moment, **more))

    def saved(self):
        return Letting.objects.get(pk=self.letting.pk).published_at

    def assertWritten(self, moment, day, hour):
        self.assertRedirects(self.write(day, hour), LIST)
        self.assertEqual(self.saved(), datetime.fromisoformat(moment))

    def test_moments_are_read_and_written_in_their_zone(self):
        self.assertWritten("2029-07-01T16:00:00Z", "2029-07-01", "09:00")
        page = self.client.get(self.path)
        self.assertContains(page, 'value="2029-07-01"')
        self.assertContains(page, 'value="09:00:00"')
        self.live_in("Europe/Paris")
        self.assertContains(self.client.get(self.path), 'value="18:00:00"')
        self.assertWritten("2029-07-01T07:00:00Z", "2029-07-01", "09:00")

    def test_an_hour_that_the_clock_skips_is_refused(self):
        for zone, day, hour in (
            ("America/Los_Angeles", "2029-03-11", "02:30"),
            ("Europe/Paris", "2030-03-31", "02:00:00"),
            ("Africa/Cairo", "2029-04-27", "00:15"),  # where it is at midnight
            ("Australia/Lord_Howe", "2029-10-07", "02:29"),  # where it is half an hour
        ):
            with self.subTest(zone):
                self.live_in(zone)
                page = self.write(day, hour, title="Kept")
                self.assertContains(page, f"in the time zone {zone}: the clocks go forward then")
                self.assertContains(page, 'value="Kept"')
                self.assertContains(page, f'value="{day}"')
        self.assertEqual(self.saved(), self.letting.published_at)

    def test_an_hour_that_the_clock_repeats_means_the_first(self):
        self.assertWritten("2029-11-04T08:30:00Z", "2029-11-04", "01:30")
        self.live_in("Europe/Paris")
        self.assertWritten("2030-10-27T00:30:00Z", "2030-10-27", "02:30")

    def test_the_second_of_a_repeated_hour_survives_other_changes(self):
        second = datetime(2029, 11, 4, 9, 30, 15, 123456, tzinfo=UTC)
        Letting.objects.filter(pk=self.letting.pk).update(published_at=second)
        self.assertRedirects(self.write("2029-11-04", "01:30:15", title="Other"), LIST)
        self.assertEqual(self.saved(), second)
        self.assertEqual(Letting.objects.get(pk=self.letting.pk).title, "Other")

    def test_a_day_that_overflows_in_some_zone_is_refused(self):
        for day in ("0001-01-01", "9999-12-31"):
            for zone in ("America/Los_Angeles", "Europe/Paris", "UTC"):
                self.live_in(zone)
                self.assertContains(self.write(day, "00:00"), "Enter a valid date.")
        self.assertWritten("9999-12-24T00:00:00Z", "9999-12-24", "00:00")

    def test_a_date_without_a_time_is_refused(self):
        self.assertContains(self.write("2029-07-01", ""), "Enter a valid time.")
        self.assertContains(self.write("", "09:00"), "Enter a valid date.")
        self.assertWritten("2029-07-01T16:00:00Z", "2029-07-01", "09:00")
        self.assertRedirects(self.write("", ""), LIST)
        self.assertIsNone(self.saved())

    def test_the_list_by_month_is_that_of_their_zone(self):
        Letting.objects.update(published_at=datetime(2029, 1, 1, 3, tzinfo=UTC))
        page = self.client.get(LIST, {"published_at__year": "2028"})
        self.assertEqual(page.context["cl"].result_count, 3)

    def test_a_user_who_joined_in_a_repeated_hour_can_be_edited(self):
        joined = datetime(2029, 11, 4, 9, 30, 15, tzinfo=UTC)
        user = User.objects.create_user("twice", date_joined=joined)
        there = joined - timedelta(hours=8)
        day, hour = f"{there:%Y-%m-%d}", f"{there:%H:%M:%S}"
        answer = self.client.post(
            f"/admin/auth/user/{user.pk}/change/",
            {
                "username": "twice",
                "first_name": "Ada",
                "is_active": "on",
                "date_joined_0": day,
                "date_joined_1": hour,
                "initial-date_joined_0": day,
                "initial-date_joined_1": hour,
                "last_login_0": "",
                "last_login_1": "",
            },
        )
        self.assertRedirects(answer, "/admin/auth/user/")
        user.refresh_from_db()
        self.assertEqual((user.date_joined, user.first_name), (joined, "Ada"))
