"""An unconfirmed address is sent no text that a guest or a host typed."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import TestCase, override_settings
from django.utils import timezone

from enquiries import rate_limits, actions
from enquiries.by_mail import inbox, parts
from enquiries.models import Enquiry, Message
from lettings.models import Letting
from lettings.tests.factories import make_letting

from . import mailboxes
from .reply_mails import answer
from .factories import People, filled_in, make_enquiry, make_profile

VICTIM = "victim@example.org"
TYPED = "buy-now"
WAY_IN = {"address": mailboxes.ADDRESS}


@pytest.mark.parametrize("way_in", [{}, WAY_IN], ids=["no inbox", "an inbox"])
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("deed", ["new", "answer", "book", "decline", "close", "letting gone"])
@pytest.mark.django_db
def test_whatever_is_done(client, settings, deed, language, way_in):
    settings.MAIL_WAY_IN = way_in
    host = make_profile(TYPED, first_name=TYPED, last_name=TYPED)
    letting = make_letting(TYPED, host=host, sleeps=4)
    prefix = "/fr" if language == "fr" else ""
    form = filled_in(guest_email=VICTIM, guest_name=TYPED, text=TYPED)
    client.post(f"{prefix}/enquiries/to/{letting.pk}/", form)
    enquiry = Enquiry.objects.get()
    deeds = {
        "new": lambda: None,
        "answer": lambda: actions.say(enquiry, TYPED, by_host=True),
        "book": lambda: actions.book(enquiry),
        "decline": lambda: actions.decline(enquiry),
        "close": lambda: actions.close(enquiry, by_host=True),
        "letting gone": lambda: letting.delete(),
    }
    deeds[deed]()
    sent = [written for written in mail.outbox if written.to == [VICTIM]]
    assert len(sent) == (1 if deed == "new" else 2)
    for written in sent:
        assert TYPED not in written.message().as_string().replace(host.user.email, "").lower()
        assert enquiry.guests_link() in written.body


class ConfirmedTests(People, TestCase):
    def setUp(self):
        self.enquiry = make_enquiry(self.letting, guest_confirmed=False)
        self.link = self.enquiry.guests_link()

    def answered(self):
        """Return the mail to the guest when the host answers."""
        mail.outbox.clear()
        enquiry = Enquiry.objects.get(pk=self.enquiry.pk)
        actions.say(enquiry, f"Yes, {Message.objects.count()}", by_host=True)
        return mail.outbox[0].body

    def test_who_says_that_it_is_theirs_is_sent_the_words(self):
        page = self.client.get(self.link)
        self.assertContains(page, "Confirm that your e-mail address is yours")
        self.assertNotIn("Yes", self.answered())
        self.assertRedirects(self.client.post(self.link, {"action": "confirm"}), self.link)
        self.assertNotContains(self.client.get(self.link), "Confirm that your e-mail address")
        self.assertIn("Yes", self.answered())

    def test_a_program_that_opens_links_confirms_nothing(self):
        for method in (self.client.get, self.client.head):
            method(self.link)
        self.assertNotIn("Yes", self.answered())

    def test_who_writes_by_the_link_has_confirmed_it(self):
        self.client.post(self.link, {"action": "reply", "text": "And the porch?"})
        self.assertIn("Yes", self.answered())

    @override_settings(MAIL_WAY_IN=WAY_IN)
    def test_who_answers_by_mail_has_confirmed_it(self):
        written = answer(self.enquiry, "And the porch?", by_host=False)
        inbox.take_in(parts.whole(written.as_bytes()))
        self.assertEqual(Message.objects.last().text, "And the porch?")
        self.assertIn("Yes", self.answered())

    @override_settings(MAIL_WAY_IN=WAY_IN)
    def test_who_forges_a_mail_from_it_has_not(self):
        Letting.objects.update(title=TYPED)
        Enquiry.objects.update(letting_title=TYPED, guest_email=VICTIM)
        forged = answer(self.enquiry, "Hello", From=VICTIM, To=mailboxes.ADDRESS)
        inbox.take_in(parts.whole(forged.as_bytes()))
        self.assertEqual(mail.outbox[0].to, [VICTIM])
        self.assertNotIn(TYPED, mail.outbox[0].subject + mail.outbox[0].body)
        self.assertNotIn("Yes", self.answered())

    def test_a_host_who_answers_again_and_again_is_a_few_mails_a_day(self):
        for number in range(30):
            actions.say(self.enquiry, f"Answer {number}", by_host=True)
        self.assertEqual(len(mail.outbox), rate_limits.LIMITS["notices"][0])
        with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
            actions.say(self.enquiry, "Good morning", by_host=True)
        self.assertEqual(len(mail.outbox), rate_limits.LIMITS["notices"][0] + 1)

    def test_nobody_else_is_asked(self):
        own = make_enquiry(self.letting, guest=self.guest, guest_confirmed=False)
        for profile in (self.guest, self.host):
            self.client.force_login(profile.user)
            page = self.client.get(own.get_absolute_url())
            self.assertNotContains(page, "Confirm that your e-mail address")
