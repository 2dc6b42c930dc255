"""The jobs of enquiries: reminders, closing past enquiries; personal data."""

from datetime import timedelta
from unittest import mock

import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.db.models import QuerySet
from django.test import TestCase
from django.utils import timezone

from background import jobs
from enquiries import personal_data, tasks
from enquiries.models import Enquiry
from lettings.tests.factories import make_letting

from .factories import People, make_enquiry, make_profile

YESTERDAY = timezone.now() - timedelta(days=1)


class RemindTests(People, TestCase):
    def test_a_guest_who_is_gone_waits_for_nothing(self):
        make_enquiry(self.letting, guest=self.stranger, created_at=YESTERDAY)
        personal_data.erase(self.stranger)
        self.stranger.user.delete()
        mail.outbox.clear()
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

    def test_an_enquiry_deleted_meanwhile_does_not_stop_the_reminder(self):
        gone, left = (make_enquiry(self.letting, created_at=YESTERDAY) for _ in range(2))
        keys = [left.pk, gone.pk]
        Enquiry.objects.filter(pk=gone.pk).delete()
        with mock.patch.object(QuerySet, "values_list", return_value=keys):
            tasks._remind(self.host, Enquiry.objects.filter(host=self.host))
        self.assertEqual([m.to for m in mail.outbox], [["host@example.org"]])

    def test_a_host_with_an_invalid_address_does_not_stop_the_others(self):
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

    def test_the_last_day_lasts_until_it_is_over_everywhere(self):
        enquiry = make_enquiry(self.letting)
        for hour, state in (("23:59", "new"), ("11:59", "new"), ("12:00", "closed")):
            day = enquiry.leave + timedelta(days=hour != "23:59")
            with time_machine.travel(f"{day}T{hour}Z"):
                tasks.close_what_is_past()
            enquiry.refresh_from_db()
            self.assertEqual(enquiry.state, state, hour)


class PersonalDataTests(People, TestCase):
    def test_both_sides_can_export_it(self):
        make_enquiry(self.letting, guest=self.guest)
        for who, side in ((self.host, "host"), (self.guest, "guest")):
            (enquiry,) = personal_data.collect(who)["enquiries"]
            self.assertEqual(enquiry["as"], side)
            self.assertEqual(enquiry["messages"][0]["text"], "Is it free?")
        self.assertEqual(personal_data.collect(self.stranger), {"enquiries": []})
        self.assertEqual(list(personal_data.files(self.guest)), [])

    def test_what_they_asked_before_they_had_an_account_is_theirs(self):
        enquiry = make_enquiry(self.letting, guest_email="Guest@Example.org")
        self.assertEqual(personal_data.collect(self.guest), {"enquiries": []})
        self.guest.user.emailaddress_set.create(email="guest@example.org", verified=True)
        (told,) = personal_data.collect(self.guest)["enquiries"]
        self.assertEqual((told["as"], told["guest_email"]), ("guest", "Guest@Example.org"))
        personal_data.erase(self.guest)
        enquiry.refresh_from_db()
        self.assertEqual((enquiry.guest_name, enquiry.guest_email), ("", ""))

    def test_the_other_side_is_told(self):
        for state in ("new", "answered", "booked", "declined"):
            make_enquiry(self.letting, guest=self.guest, state=state, arrive=1, leave=2)
        over = make_enquiry(self.letting, state="booked", arrive=-5, leave=-2)
        personal_data.erase(self.guest)
        self.assertEqual([m.to for m in mail.outbox], [["host@example.org"]] * 3)
        mail.outbox.clear()
        open_, ended = make_enquiry(self.letting, state="booked"), Enquiry.State.CLOSED
        personal_data.erase(self.host)
        self.assertEqual([m.to for m in mail.outbox], [["ann@example.org"]])
        self.assertIn("was closed", mail.outbox[0].body)
        open_.refresh_from_db()
        over.refresh_from_db()
        self.assertEqual((open_.state, over.state), (ended, "booked"))

    def test_enquiries_without_a_reader_are_deleted(self):
        make_enquiry(self.letting, guest=self.guest)
        by_link = make_enquiry(self.letting)
        personal_data.erase(self.host)
        self.letting.address.delete()
        self.host.user.delete()
        personal_data.erase(self.guest)
        self.assertEqual([each.pk for each in Enquiry.objects.all()], [by_link.pk])

    def test_whoever_deletes_a_letting_tells_its_guests(self):
        make_enquiry(self.letting, guest=self.guest, state="booked")
        self.letting.address.delete()
        self.assertEqual([m.to for m in mail.outbox], [["guest@example.org"]])
        self.assertEqual(Enquiry.objects.get().state, "closed")

    def test_messages_stay_and_personal_data_is_removed(self):
        make_enquiry(self.letting, guest=self.guest)
        personal_data.erase(self.guest)
        self.guest.user.delete()
        enquiry = Enquiry.objects.get()
        self.assertEqual((enquiry.guest_name, enquiry.guest_email), ("", ""))
        self.assertEqual(enquiry.messages.get().text, "Is it free?")
