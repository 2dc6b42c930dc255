"""Each side of an enquiry is written to in their own language, whoever caused the mail."""

import re
from datetime import timedelta

from django.core import mail
from django.test import TestCase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from core.tests.pages import folded
from enquiries import tasks, actions
from enquiries.models import Enquiry

from .factories import People, day, filled_in, make_enquiry, make_profile

YESTERDAY = timezone.now() - timedelta(days=1)
LINK = re.compile(r"http://testserver(/\S+)")


class LanguageTests(People, TestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.host.language = "fr"
        cls.host.save()

    def ask(self, prefix):
        """Write to the host from a page of that language, without an account."""
        path = f"{prefix}/enquiries/to/{self.letting.pk}/"
        self.assertRedirects(self.client.post(path, filled_in()), f"{prefix}/enquiries/sent/")
        return Enquiry.objects.get()

    def newest(self):
        """The subject, text and link of the mail that was written last."""
        written = mail.outbox[-1]
        return written.subject, written.body, LINK.search(written.body)[1]

    def test_a_french_host_and_an_english_guest(self):
        enquiry = self.ask("")
        to_host, to_guest = mail.outbox
        self.assertEqual(to_host.subject, "Nouvelle demande\u00a0: Oceanview Retreat")
        self.assertIn("3\u00a0nuits, 2\u00a0personnes", to_host.body)
        with override("fr"):
            self.assertIn(date_format(day(10)), to_host.body)
        self.assertIn(f"http://testserver/fr/enquiries/{enquiry.pk}/", to_host.body)
        self.assertEqual(to_guest.subject, "Your enquiry is with its host")
        self.assertIn("http://testserver/enquiries/by-link/", to_guest.body)

    def test_a_french_guest_and_an_english_host(self):
        self.host.language = "en"
        self.host.save()
        enquiry = self.ask("/fr")
        to_host, to_guest = mail.outbox
        self.assertEqual(to_host.subject, "New enquiry: Oceanview Retreat")
        self.assertIn("3 nights, 2 people", to_host.body)
        self.assertIn(f"http://testserver/enquiries/{enquiry.pk}/", to_host.body)
        self.assertEqual(to_guest.subject, "Votre demande a été transmise à l’hôte")
        link = LINK.search(to_guest.body)[1]
        self.assertRegex(link, "^/fr/enquiries/by-link/")
        self.assertContains(self.client.get(link), '<html lang="fr">')

    def test_what_follows_speaks_to_each_alike(self):
        enquiry = make_enquiry(self.letting)
        actions.say(enquiry, "Yes, it is.", by_host=True)
        subject, body, link = self.newest()
        self.assertEqual(subject, "Your host has answered: Oceanview Retreat")
        self.assertIn("Answer here:", body)
        self.assertRegex(link, "^/enquiries/by-link/")
        actions.say(enquiry, "Good.", by_host=False)
        subject, body, link = self.newest()
        self.assertEqual(subject, "Votre voyageur vous écrit\u00a0: Oceanview Retreat")
        self.assertIn("Répondez ici", body)
        self.assertEqual(link, f"/fr/enquiries/{enquiry.pk}/")
        actions.close(enquiry, by_host=False)
        self.assertEqual(self.newest()[0], "Demande close\u00a0: Oceanview Retreat")

    def test_a_guest_with_an_account_has_the_language_of_it(self):
        enquiry = make_enquiry(
            self.letting, guest=self.guest, guest_email="guest@example.org", language="fr"
        )
        actions.decline(enquiry)
        subject, _body, link = self.newest()
        self.assertEqual(subject, "Not possible: Oceanview Retreat")
        self.assertEqual(link, f"/enquiries/{enquiry.pk}/")
        with override("fr"):
            self.assertEqual(make_profile("camille").language, "fr")

    def test_the_reminder_speaks_to_each_host_in_their_language(self):
        make_enquiry(self.letting, created_at=YESTERDAY)
        tasks.remind_hosts()
        subject, body, link = self.newest()
        self.assertEqual(subject, "Des voyageurs attendent votre réponse")
        self.assertIn("1\u00a0voyageur attend", body)
        self.assertRegex(link, r"^/fr/enquiries/\d+/$")
        make_enquiry(self.letting, created_at=YESTERDAY)
        make_enquiry(self.letting, created_at=YESTERDAY)
        tasks.remind_hosts()
        self.assertIn("2\u00a0voyageurs attendent", self.newest()[1])

    def test_a_fault_is_said_as_the_french_write(self):
        form = filled_in(people="99", arrive=day(-1).isoformat())
        page = self.client.post(f"/fr/enquiries/to/{self.letting.pk}/", form)
        self.assertContains(page, "Arrivée</a>\u00a0: Ce jour est passé.")
        self.assertContains(page, "Il y a de la place pour 4\u00a0personnes.")

    def test_a_page_counts_in_its_language(self):
        make_enquiry(self.letting, people=1)
        make_enquiry(self.letting, state="booked")
        self.client.force_login(self.host.user)
        page = self.client.get("/fr/enquiries/")
        for words in ("1\u00a0personne<", "2\u00a0personnes<", "réservée", "Par Ann\u00a0:"):
            self.assertIn(words, folded(page))
