"""/enquiries/to/<letting id>/: the form that writes to a host."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import time_machine
from django.core import mail
from django.db import IntegrityError
from django.test import Client, TestCase
from django.utils import timezone

from enquiries import rate_limits
from enquiries.forms import QUICKEST, STAMP
from enquiries.models import Enquiry
from lettings.models import Letting
from ratelimits.hits import DAY, HOUR

from .factories import People, day, filled_in, make_enquiry


class NewTests(People, TestCase):
    def setUp(self):
        self.url = f"/enquiries/to/{self.letting.pk}/"

    def post(self, **fields):
        return self.client.post(self.url, filled_in(**fields))

    def assertRefused(self, response, words, status=200):
        self.assertContains(response, words, status_code=status)
        self.assertContains(response, "Is the porch ours?", status_code=status)
        self.assertFalse(Enquiry.objects.exists())
        self.assertEqual(mail.outbox, [])

    def test_the_public_page_leads_there(self):
        page = self.client.get(self.letting.get_absolute_url())
        self.assertContains(page, f'href="{self.url}"')
        Letting.objects.update(host=None)
        self.assertNotContains(self.client.get(self.letting.get_absolute_url()), self.url)

    def test_it_works_for_somebody_who_is_not_signed_in(self):
        self.assertContains(self.client.get(self.url), "Your e-mail address")
        self.assertRedirects(self.post(), "/enquiries/sent/")
        enquiry = Enquiry.objects.get()
        self.assertEqual((enquiry.host, enquiry.guest), (self.host, None))
        self.assertEqual((enquiry.state, enquiry.nights, enquiry.people), ("new", 3, 2))
        self.assertEqual(enquiry.messages.get().text, "Is the porch ours?")
        to_host, to_guest = mail.outbox
        self.assertEqual(to_host.to, ["host@example.org"])
        self.assertEqual(to_host.reply_to, ["ann@example.org"])
        self.assertIn("Is the porch ours?", to_host.body)
        self.assertIn(f"http://testserver/enquiries/{enquiry.pk}/", to_host.body)
        self.assertEqual(to_guest.to, ["ann@example.org"])
        self.assertIn(f"http://testserver{enquiry.guests_link()}", to_guest.body)

    def test_it_works_for_somebody_who_is_signed_in(self):
        self.client.force_login(self.guest.user)
        self.assertNotContains(self.client.get(self.url), "Your e-mail address")
        response = self.post()
        enquiry = Enquiry.objects.get()
        self.assertRedirects(response, f"/enquiries/{enquiry.pk}/")
        self.assertEqual((enquiry.guest, enquiry.guest_name), (self.guest, "guest"))
        self.assertEqual(enquiry.guest_email, "guest@example.org")
        self.assertNotIn("by-link", mail.outbox[1].body)
        # Their link asks to sign in: it opens the thread to nobody else.
        self.assertNotIn("Whoever has this link", mail.outbox[1].body)

    def test_who_sees_the_address_is_said(self):
        self.assertContains(self.client.get(self.url), "The host can answer you there")
        with self.settings(MAIL_WAY_IN={"address": "answers@example.org"}):
            for prefix, words in (("", "see the address."), ("/fr", "L’hôte ne voit pas")):
                self.assertContains(self.client.get(prefix + self.url), words)
            self.post()
        to_host, to_guest = mail.outbox
        self.assertNotIn("ann@example.org", to_host.message().as_string())
        self.assertNotIn("host@example.org", to_guest.message().as_string())
        for written in (to_host, to_guest):
            self.assertRegex(written.reply_to[0], r"^answers\+\d+[hg][a-z2-7]{20}@example\.org$")
            self.assertEqual(written.body[:9], "##- Write")
            self.assertIn("your address to nobody", written.body)
        self.assertNotIn("straight to the guest", to_host.body)

    def test_the_same_form_sent_twice_is_one_enquiry(self):
        for _ in range(2):
            self.assertRedirects(self.post(), "/enquiries/sent/")
        self.assertEqual(Enquiry.objects.count(), 1)
        self.assertEqual(len(mail.outbox), 2)
        self.post(key="another")
        self.assertEqual(Enquiry.objects.count(), 2)

    def test_the_same_form_with_other_words_is_another_enquiry(self):
        """By a browser's Back one comes to the form that was sent, stamp and all."""
        for fields in ({}, {"text": "And may we bring a dog?"}, {"leave": day(12).isoformat()}):
            self.post(**fields)
        self.assertEqual(Enquiry.objects.count(), 3)
        self.assertEqual(len(mail.outbox), 6)

    def test_mistakes_are_named(self):
        for fields, words in (
            ({"arrive": day(-2).isoformat()}, "This day has passed."),
            ({"arrive": day(800).isoformat()}, "more than two years ahead"),
            ({"leave": day(10).isoformat()}, "Departure comes after arrival."),
            ({"leave": day(400).isoformat()}, "a year at most"),
            ({"people": "5"}, "It sleeps 4 people."),
            ({"people": "0"}, "Somebody has to come."),
            ({"guest_email": ""}, "This field is required."),
            ({"arrive": "soon"}, "Enter a valid date."),
        ):
            with self.subTest(words):
                self.assertRefused(self.post(**fields), words)

    def test_nights_that_are_taken(self):
        make_enquiry(self.letting, arrive=12, leave=15, state="booked")
        self.assertContains(self.client.get(self.url), "Booked already")
        self.assertContains(self.post(), "Please choose other nights.")
        self.assertEqual(Enquiry.objects.count(), 1)
        with time_machine.travel(f"{day(16)}T06:00Z"):  # still the day of departure in the USA
            self.assertNotContains(self.client.get(self.url), "Booked already")
        with time_machine.travel(f"{day(15)}T06:00Z"):  # still the last night in the USA
            self.assertContains(self.client.get(self.url), "Booked already")
        # Who leaves on the day that another arrives is in nobody's way.
        self.post(leave=day(12).isoformat())
        self.assertEqual(Enquiry.objects.count(), 2)

    def test_a_form_sent_too_fast_is_sent_again_without_loss(self):
        page = self.client.get(self.url)
        stamp = page.context["form"]["stamp"].value()
        response = self.post(stamp=stamp)
        self.assertRefused(response, "Please send it once more")
        later = timezone.now() + QUICKEST + timedelta(seconds=1)
        with mock.patch("time.time", return_value=later.timestamp()):
            self.post(stamp=response.context["form"]["stamp"].value())
        self.assertEqual(Enquiry.objects.count(), 1)

    def test_a_form_without_a_stamp_of_ours_is_given_one(self):
        for stamp in ("", "made:up:stamp"):
            response = self.post(stamp=stamp)
            self.assertRefused(response, "Please send it once more")
            self.assertTrue(STAMP.unsign(response.context["form"]["stamp"].value()))

    def test_a_filled_honeypot_is_refused(self):
        response = self.post(website="https://spam.example")
        self.assertRefused(response, "Please send it once more")
        self.assertNotContains(response, "spam.example")

    def test_too_many(self):
        with mock.patch.dict(rate_limits.LIMITS, {"address": (2, HOUR)}):
            for number in range(2):
                self.assertEqual(self.post(key=str(number)).status_code, 302)
            response = self.post(key="third")
        self.assertContains(response, "Is the porch ours?", status_code=429)
        self.assertContains(response, "Nothing is lost", status_code=429)
        self.assertEqual(Enquiry.objects.count(), 2)

    def test_who_signs_in_is_not_stopped_by_others_of_their_network(self):
        """One person in an office, or behind a mobile network's address, silenced all of it."""
        with mock.patch.dict(rate_limits.LIMITS, {"address": (1, HOUR), "account": (2, HOUR)}):
            self.post(key="a rival's")
            page = self.post(key="mine")
            self.assertContains(page, "Sign in, or make an account", status_code=429)
            self.client.force_login(self.guest.user)
            for key, status in (("mine", 302), ("another", 302), ("one too many", 429)):
                self.assertEqual(self.post(key=key).status_code, status)
            page = self.post(key="one too many")
        self.assertNotContains(page, "make an account", status_code=429)
        self.assertContains(page, "nothing is lost", status_code=429)

    def test_a_year_and_two_with_29_february_in_them(self):
        with time_machine.travel("2027-03-01T13:00:00Z", tick=False):
            self.assertRedirects(
                self.post(arrive="2028-02-01", leave="2029-02-01"), "/enquiries/sent/"
            )
            nights = {"arrive": "2029-03-01", "leave": "2029-03-02"}
            self.assertRedirects(self.post(key="later", **nights), "/enquiries/sent/")
            nights = {"arrive": "2028-02-01", "leave": "2029-02-02"}
            self.assertContains(self.post(key="longer", **nights), "a year at most")
            nights = {"arrive": "2029-03-02", "leave": "2029-03-03"}
            self.assertContains(self.post(key="furthest", **nights), "more than two years")

    def from_everywhere(self, number, **fields):
        """Ask as so many guests, each from an address of their own."""
        return [
            self.client.post(
                self.url,
                filled_in(f"key {n}", **{"guest_email": f"ann{n}@example.org"} | fields),
                REMOTE_ADDR=f"203.0.113.{n}",
            ).status_code
            for n in range(number)
        ]

    def test_nobody_uses_up_a_letting_and_its_host_is_told_that_there_is_more(self):
        """Thirty enquiries of a rival silenced it for an hour."""
        with mock.patch.dict(rate_limits.LIMITS, {"host": (3, HOUR)}):
            self.assertEqual(self.from_everywhere(6), [302] * 6)
        self.assertEqual(Enquiry.objects.count(), 6)
        to_host = [written for written in mail.outbox if written.to == ["host@example.org"]]
        self.assertEqual(
            [written.subject for written in to_host],
            ["New enquiry: Oceanview Retreat"] * 3 + ["Many guests write to you"],
        )
        self.assertIn("http://testserver/enquiries/", to_host[-1].body)
        for written in mail.outbox[-1:]:
            self.assertEqual(written.to, ["ann5@example.org"])

    def test_what_is_taken_back_in_masses_is_not_mailed_either(self):
        with mock.patch.dict(rate_limits.LIMITS, {"host": (3, HOUR)}):
            self.from_everywhere(6)
            answered = make_enquiry(self.letting, answered_at=timezone.now(), state="booked")
            mail.outbox.clear()
            for enquiry in Enquiry.objects.filter(answered_at=None):
                self.client.post(enquiry.guests_link(), {"action": "close"})
            self.assertEqual(mail.outbox, [])
            self.client.post(answered.guests_link(), {"action": "close"})
        self.assertEqual([written.to for written in mail.outbox], [["host@example.org"]])

    def test_an_address_of_mail_is_given_so_often_a_day_and_its_owner_has_a_way(self):
        with mock.patch.dict(rate_limits.LIMITS, {"email": (2, DAY)}):
            statuses = self.from_everywhere(3, guest_email="guest@example.org")
            self.assertEqual(statuses, [302, 302, 429])
            self.assertContains(self.post(guest_email="Guest@example.org"), "", status_code=429)
            page = self.post(guest_email="guest@example.org")
            self.assertContains(page, "Sign in, or make an account", status_code=429)
            self.client.force_login(self.guest.user)
            self.assertEqual(self.post(key="as myself").status_code, 302)

    def test_what_is_refused_uses_up_nothing_that_others_share(self):
        with mock.patch.dict(rate_limits.LIMITS, {"address": (1, HOUR), "email": (2, DAY)}):
            for number in range(4):
                self.post(key=f"key {number}")
            honest = self.client.post(self.url, filled_in("another"), REMOTE_ADDR="203.0.113.9")
        self.assertEqual(honest.status_code, 302)

    def test_the_last_one_sent_twice_is_no_more_than_one(self):
        with mock.patch.dict(rate_limits.LIMITS, {"address": (1, HOUR)}):
            for _ in range(2):
                self.assertRedirects(self.post(), "/enquiries/sent/")

    def test_tonight_is_still_to_come_where_it_is_evening(self):
        """18:00 of the first in California."""
        evening = datetime(2027, 7, 2, 1, tzinfo=UTC)
        nights = {"arrive": "2027-07-01", "leave": "2027-07-03"}
        with mock.patch("enquiries.models.now", return_value=evening):
            self.post(**nights)
        self.assertEqual(Enquiry.objects.count(), 1)

    def test_a_letting_that_is_deleted_at_this_moment(self):
        def too_late(*args, **kwargs):
            self.letting.address.delete()
            raise IntegrityError

        with mock.patch("enquiries.actions.write", too_late):
            self.assertEqual(self.post().status_code, 404)

    def test_another_fault_of_the_database_is_not_taken_for_that(self):
        with mock.patch("enquiries.actions.write", side_effect=IntegrityError):
            with self.assertRaises(IntegrityError):
                self.post()

    def test_an_unreachable_cache_blocks_no_enquiry(self):
        with mock.patch("django.core.cache.backends.locmem.LocMemCache.add", side_effect=OSError):
            self.assertRedirects(self.post(), "/enquiries/sent/")

    def test_ones_own_letting(self):
        self.client.force_login(self.host.user)
        self.assertRedirects(self.client.get(self.url), self.letting.get_absolute_url())

    def test_a_draft_and_a_letting_without_host_are_not_found(self):
        Letting.objects.update(published_at=None)
        self.assertEqual(self.client.get(self.url).status_code, 404)
        self.assertEqual(self.post().status_code, 404)
        Letting.objects.update(published_at=timezone.now(), host=None)
        self.assertEqual(self.client.get(self.url).status_code, 404)

    def test_nothing_typed_becomes_a_header(self):
        Letting.objects.update(title="Silo\nBcc: all@example.org")
        self.post()
        self.assertEqual(mail.outbox[0].subject, "New enquiry: Silo Bcc: all@example.org")

    def test_it_needs_a_token(self):
        client = Client(enforce_csrf_checks=True)
        self.assertEqual(client.post(self.url, filled_in()).status_code, 403)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.put(self.url).status_code, 405)
        self.assertEqual(self.client.post("/enquiries/sent/").status_code, 405)

    def test_a_bad_id(self):
        for bad in ("999", "9" * 30, "one"):
            with self.subTest(bad):
                self.assertEqual(self.client.get(f"/enquiries/to/{bad}/").status_code, 404)

    def test_the_page_is_not_cached(self):
        self.assertIn("no-store", self.client.get(self.url)["Cache-Control"])

    def test_queries(self):
        with self.assertNumQueries(2):
            self.client.get(self.url)
