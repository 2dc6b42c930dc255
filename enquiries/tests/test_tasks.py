"""The jobs of enquiries: the reminder, and what is past."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core import mail
from django.test import TestCase
from django.utils import timezone

from background import jobs
from enquiries import personal_data, tasks
from enquiries.models import Enquiry
from lettings.tests.houses import make_letting

from .people import People, make_enquiry, make_profile

YESTERDAY = timezone.now() - timedelta(days=1)


class RemindTests(People, TestCase):
    def test_a_guest_who_is_gone_waits_for_nothing(self):
        make_enquiry(self.letting, guest=self.stranger, created_at=YESTERDAY)
        personal_data.erase(self.stranger)
        self.stranger.user.delete()
        tasks.remind_hosts()
        self.assertEqual(mail.outbox, [])

    def test_one_mail_a_host_and_each_enquiry_once(self):
        silo = make_letting("Silo", host=make_profile("other"))
        for letting in (self.letting, self.letting, silo):
            make_enquiry(letting, created_at=YESTERDAY)
        make_enquiry(self.letting, created_at=YESTERDAY, guest_name="Bea", state="answered")
        make_enquiry(self.letting, guest_name="Cem")
        make_enquiry(None, created_at=YESTERDAY)
        for _ in range(2):
            tasks.remind_hosts()
        self.assertEqual(
            [m.to for m in mail.outbox], [["host@example.org"], ["other@example.org"]]
        )
        self.assertIn("2 guests wait for your answer", mail.outbox[0].body)
        self.assertIn("http://testserver/enquiries/", mail.outbox[0].body)
        self.assertNotRegex(mail.outbox[0].body, "Bea|Cem")

    def test_the_number_of_queries_follows_the_hosts_alone(self):
        for _ in range(5):
            make_enquiry(self.letting, created_at=YESTERDAY)
        with self.assertNumQueries(6):
            tasks.remind_hosts()

    def test_a_host_who_has_no_real_address_holds_up_nobody_else(self):
        silo = make_letting("Silo", host=make_profile("other"))
        for letting in (self.letting, silo):
            make_enquiry(letting, created_at=YESTERDAY)
        User.objects.filter(pk=self.host.user_id).update(email="host@example.org\nand another")
        with self.assertRaises(ValueError):
            tasks.remind_hosts()
        self.assertEqual([m.to for m in mail.outbox], [["other@example.org"]])
        self.assertEqual(Enquiry.objects.filter(reminded_at=None).get().host, self.host)

    def test_both_jobs_are_known(self):
        names = {"enquiries.tasks.remind_hosts", "enquiries.tasks.close_what_is_past"}
        self.assertLessEqual(names, set(jobs.known()))


class CloseTests(People, TestCase):
    def test_what_is_past_is_closed_unless_it_was_booked(self):
        for state in Enquiry.State:
            make_enquiry(self.letting, arrive=-5, leave=-1, state=state)
        make_enquiry(self.letting, arrive=-5, leave=0)
        tasks.close_what_is_past()
        states = Enquiry.objects.order_by("pk").values_list("state", flat=True)
        self.assertEqual(list(states), ["closed", "closed", "booked", "declined", "closed", "new"])


class PersonalDataTests(People, TestCase):
    def test_both_sides_can_take_it_along(self):
        make_enquiry(self.letting, guest=self.guest)
        for who, side in ((self.host, "host"), (self.guest, "guest")):
            (enquiry,) = personal_data.of(who)["enquiries"]
            self.assertEqual(enquiry["as"], side)
            self.assertEqual(enquiry["messages"][0]["text"], "Is it free?")
        self.assertEqual(personal_data.of(self.stranger), {"enquiries": []})
        self.assertEqual(list(personal_data.files(self.guest)), [])

    def test_the_words_stay_and_the_person_goes(self):
        make_enquiry(self.letting, guest=self.guest)
        personal_data.erase(self.guest)
        self.guest.user.delete()
        enquiry = Enquiry.objects.get()
        self.assertEqual((enquiry.guest_name, enquiry.guest_email), ("", ""))
        self.assertEqual(enquiry.messages.get().text, "Is it free?")
