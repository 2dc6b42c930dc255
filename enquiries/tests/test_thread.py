"""/enquiries/<id>/ and /enquiries/by-link/<token>/: what both sides wrote."""

from django.core import mail
from django.core.cache import cache
from django.test import TestCase
from django.urls import resolve
from django.utils import timezone

from core.observability.request_log import SECRETS
from enquiries import rate_limits, actions
from enquiries.models import Enquiry

from .factories import People, day, make_enquiry, make_profile


class ThreadTests(People, TestCase):
    def setUp(self):
        self.enquiry = make_enquiry(self.letting, guest=self.guest)
        self.url = self.enquiry.get_absolute_url()

    def act(self, who, action, text=""):
        self.client.force_login(who.user)
        return self.client.post(self.url, {"action": action, "text": text}, follow=True)

    def state(self):
        self.enquiry.refresh_from_db()
        return self.enquiry.state

    def test_both_sides_read_it(self):
        for who in (self.host, self.guest):
            self.client.force_login(who.user)
            page = self.client.get(self.url)
            self.assertContains(page, "Is it free?")
            self.assertIn("no-store", page["Cache-Control"])
        self.assertNotContains(page, "Book these nights")

    def test_a_stranger_finds_nothing(self):
        self.client.force_login(self.stranger.user)
        for answer in (self.client.get(self.url), self.client.post(self.url, {"action": "book"})):
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.state(), "new")

    def test_an_anonymous_visitor_is_sent_to_sign_in(self):
        for url in (self.url, "/enquiries/99999/", "/enquiries/"):
            self.assertRedirects(
                self.client.get(url), f"/accounts/login/?next={url}", fetch_redirect_response=False
            )

    def test_the_host_answers(self):
        self.act(self.host, "reply", "It is.")
        self.assertEqual(self.state(), "answered")
        self.assertIsNotNone(self.enquiry.answer_time)
        (told,) = mail.outbox
        self.assertEqual((told.to, told.reply_to), (["guest@example.org"], []))
        self.assertIn("It is.", told.body)
        first = self.enquiry.answered_at
        self.act(self.host, "reply", "And the porch too.")
        self.state()
        self.assertEqual(self.enquiry.answered_at, first)

    def test_the_guest_adds_something(self):
        self.act(self.guest, "reply", "With a dog.")
        self.assertEqual(self.state(), "new")
        (told,) = mail.outbox
        self.assertEqual((told.to, told.reply_to), (["host@example.org"], ["guest@example.org"]))

    def test_a_message_sent_twice_is_one(self):
        for _ in range(2):
            self.act(self.guest, "reply", "With a dog.")
        self.assertEqual(self.enquiry.messages.count(), 2)
        self.assertEqual(len(mail.outbox), 1)
        # The other side may say the same, and so may this one later.
        self.act(self.host, "reply", "With a dog.")
        self.enquiry.messages.update(written_at=timezone.now() - actions.AGAIN)
        self.act(self.guest, "reply", "With a dog.")
        self.assertEqual(self.enquiry.messages.count(), 4)

    def test_a_message_without_words(self):
        self.assertContains(self.act(self.guest, "reply", " "), "This field is required.")
        self.assertEqual(mail.outbox, [])

    def test_the_host_books(self):
        page = self.act(self.host, "book")
        self.assertContains(page, "booked")
        self.assertEqual(self.state(), "booked")
        self.assertEqual(mail.outbox[0].subject, "Booked: Oceanview Retreat")

    def test_the_nights_are_gone(self):
        make_enquiry(self.letting, arrive=12, leave=20, state="booked")
        page = self.act(self.host, "book")
        self.assertContains(page, "One of these nights is booked already, for another guest.")
        self.assertEqual(self.state(), "new")
        self.assertEqual(mail.outbox, [])

    def test_the_host_declines_and_then_it_is_over(self):
        self.act(self.host, "decline")
        self.assertEqual(self.state(), "declined")
        for who, action in ((self.host, "book"), (self.guest, "close"), (self.guest, "reply")):
            page = self.act(who, action, "But please")
            self.assertRegex(page.text, "not possible any more|Nothing can be added any more")
        self.assertEqual(self.state(), "declined")
        self.assertEqual(len(mail.outbox), 1)

    def test_either_side_cancels_a_booking(self):
        for who, told in ((self.guest, "host@example.org"), (self.host, "guest@example.org")):
            Enquiry.objects.update(state="booked")
            mail.outbox.clear()
            self.act(who, "close")
            self.assertEqual(self.state(), "closed")
            self.assertEqual(mail.outbox[0].to, [told])

    def test_a_stay_that_is_over_has_no_button_and_stays_booked(self):
        Enquiry.objects.update(state="booked", arrive=day(-5), leave=day(-1))
        self.client.force_login(self.guest.user)
        self.assertNotContains(self.client.get(self.url), "Cancel the booking")
        page = self.act(self.guest, "close")
        self.assertEqual(self.state(), "booked")
        self.assertContains(page, "The stay is over")

    def test_a_letting_that_is_gone_is_booked_by_nobody(self):
        Enquiry.objects.update(letting=None)
        self.act(self.host, "book")
        self.assertEqual(self.state(), "new")

    def test_a_guest_who_moved_is_written_to_where_they_are(self):
        self.guest.user.email = "new@example.org"
        self.guest.user.save()
        self.act(self.host, "reply", text="It is.")
        self.assertEqual(mail.outbox[0].to, ["new@example.org"])

    def test_a_guest_neither_books_nor_declines(self):
        for action in ("book", "decline"):
            self.assertEqual(self.act(self.guest, action).status_code, 404)
        self.assertEqual(self.state(), "new")

    def test_a_button_that_is_not_there_is_a_message_without_words(self):
        self.assertContains(self.act(self.guest, "erase"), "This field is required.")
        self.assertEqual(self.state(), "new")

    def test_it_stays_readable_when_the_other_is_gone(self):
        self.guest.user.delete()
        self.client.force_login(self.host.user)
        self.assertContains(self.client.get(self.url), "Is it free?")
        Enquiry.objects.update(guest=make_profile("other"), host=None, letting=None)
        self.client.force_login(Enquiry.objects.get().guest.user)
        self.assertContains(self.client.get(self.url), "A host who is gone", count=0)
        self.assertContains(self.client.get(self.url), "Is it free?")
        self.client.post(self.url, {"action": "reply", "text": "Hello?"})
        self.assertEqual(mail.outbox, [])

    def test_a_wrong_method_and_a_bad_id(self):
        self.client.force_login(self.guest.user)
        self.assertEqual(self.client.put(self.url).status_code, 405)
        for bad in ("999", "9" * 30):
            self.assertEqual(self.client.get(f"/enquiries/{bad}/").status_code, 404)

    def test_queries(self):
        self.client.force_login(self.host.user)
        for _ in range(3):
            make = Enquiry.objects.get().messages
            make.create(by_host=True, text="More")
        with self.assertNumQueries(5):
            self.client.get(self.url)


class ByLinkTests(People, TestCase):
    def setUp(self):
        cache.clear()
        self.enquiry = make_enquiry(self.letting)
        self.url = self.enquiry.guests_link()

    def test_it_lets_the_guest_in(self):
        page = self.client.get(self.url)
        self.assertContains(page, "Is it free?")
        self.assertEqual(page["Referrer-Policy"], "same-origin")
        self.assertContains(page, '<meta name="robots" content="noindex">')
        self.client.post(self.url, {"action": "reply", "text": "With a dog."})
        self.assertEqual(self.enquiry.messages.count(), 2)
        self.client.post(self.url, {"action": "close"})
        self.enquiry.refresh_from_db()
        self.assertEqual(self.enquiry.state, "closed")

    def test_a_host_is_not_flooded(self):
        for number in range(rate_limits.LIMITS["thread"][0]):
            answer = self.client.post(self.url, {"action": "reply", "text": f"And {number}?"})
            self.assertEqual(answer.status_code, 302)
        mail.outbox.clear()
        answer = self.client.post(self.url, {"action": "reply", "text": "Once more?"})
        self.assertContains(answer, "nothing is lost", status_code=429)
        self.assertContains(answer, "Once more?", status_code=429)
        self.assertEqual(mail.outbox, [])
        # The host's side has its own count.
        self.client.force_login(self.host.user)
        page = self.enquiry.get_absolute_url()
        self.assertEqual(self.client.post(page, {"text": "Please stop."}).status_code, 302)

    def test_the_link_does_not_act_as_the_host(self):
        self.assertEqual(self.client.post(self.url, {"action": "book"}).status_code, 404)

    def test_nobody_else_can_make_one(self):
        other = make_enquiry(self.letting)
        signature = self.url.strip("/").split(":")[-1]
        for token in (f"{other.pk}:{signature}", "1", str(self.enquiry.pk), "x:y", "é"):
            answer = self.client.get(f"/enquiries/by-link/{token}/")
            self.assertEqual(answer.status_code, 404, token)

    def test_with_an_account_it_takes_signing_in(self):
        Enquiry.objects.update(guest=self.guest)
        self.assertEqual(self.client.get(self.url).status_code, 404)

    def test_the_log_does_not_show_it(self):
        self.assertIn("token", SECRETS & resolve(self.url).kwargs.keys())

    def test_a_wrong_method(self):
        self.assertEqual(self.client.put(self.url).status_code, 405)


class IndexTests(People, TestCase):
    def setUp(self):
        self.client.force_login(self.host.user)

    def test_it_shows_ones_own_alone(self):
        make_enquiry(self.letting, guest=self.guest)
        make_enquiry(None, guest=self.host, host=self.stranger, letting_title="Silo")
        make_enquiry(None, guest=self.stranger, letting_title="Not yours")
        page = self.client.get("/enquiries/")
        self.assertContains(page, "From Ann")
        self.assertContains(page, "To stranger")
        self.assertNotContains(page, "Not yours")

    def test_there_may_be_none(self):
        self.assertContains(self.client.get("/enquiries/"), "There are none yet.")

    def test_queries(self):
        def queries(number):
            with self.assertNumQueries(number):
                self.client.get("/enquiries/")

        make_enquiry(self.letting, guest=self.guest)
        queries(4)
        for _ in range(20):
            make_enquiry(self.letting, guest=self.guest)
        queries(4)
        for _ in range(10):
            make_enquiry(self.letting, guest=self.guest)
        queries(5)  # more than one page are counted
        self.assertContains(self.client.get("/enquiries/?page=2"), "From Ann", count=6)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post("/enquiries/").status_code, 405)
