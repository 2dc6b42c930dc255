"""/accounts/password/reset/: the way in without a password."""

import re
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from accounts.adapter import confirm_by_recovery
from accounts.tasks import forget
from accounts.tests.cases import PASSWORD, AccountCase


class RecoveryTests(AccountCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ada", "ada@example.com", PASSWORD)

    def test_they_recover_by_mail(self):
        self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        link = self.client.get(self.link_in_mail()).url
        form = {"password1": PASSWORD * 2, "password2": PASSWORD * 2}
        self.assertRedirects(self.client.post(link, form), "/accounts/password/reset/key/done/")
        self.sign_in(password=PASSWORD * 2)
        self.assertTrue(self.is_signed_in())

    def test_a_stranger_who_asks_to_recover_it_takes_nothing_from_them(self):
        """allauth's own generator of links notes the address as one that waits for confirmation.

        That is how this site knows strangers, whom it neither lets in nor shows nor keeps.
        """
        User.objects.update(date_joined=timezone.now() - timedelta(days=1500))
        self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        forget()
        self.assertEqual(self.client.get("/profiles/ada/").status_code, 200)
        self.sign_in()
        self.assertTrue(self.is_signed_in())

    def test_a_link_to_recover_works_once_and_not_after_the_address_changed(self):
        self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        link = self.link_in_mail()
        User.objects.update(email="new@example.com")
        self.assertContains(self.client.get(link), "invalid")
        User.objects.update(email="ada@example.com")
        page = self.client.get(link).url
        self.client.post(page, {"password1": PASSWORD * 2, "password2": PASSWORD * 2})
        self.assertContains(self.client_class().get(link), "invalid")

    def test_recovery_confirms_no_other_address_than_the_one_it_was_sent_to(self):
        EmailAddress.objects.create(user=self.user, email="next@example.com")
        confirm_by_recovery(self.user)
        self.assertFalse(EmailAddress.objects.filter(verified=True).exists())
        EmailAddress.objects.all().delete()
        confirm_by_recovery(self.user)
        confirmed = EmailAddress.objects.get(verified=True)
        self.assertEqual(confirmed.email, "ada@example.com")

    def test_two_of_2021_who_share_an_address_both_recover(self):
        User.objects.create_user("bob", "ada@example.com", PASSWORD)
        self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        links = [re.search(r"/accounts/password/\S+", sent.body)[0] for sent in mail.outbox]
        self.assertEqual(len(links), 2)
        for link in links:
            form = {"password1": PASSWORD * 2, "password2": PASSWORD * 2}
            answer = self.client.post(self.client.get(link).url, form)
            self.assertRedirects(answer, "/accounts/password/reset/key/done/")
        self.assertEqual(EmailAddress.objects.filter(verified=True).count(), 1)
        for name in ("ada", "bob"):
            self.sign_in(name, PASSWORD * 2)
            self.assertTrue(self.is_signed_in(), name)
            self.client.logout()

    def test_no_page_sends_people_to_somebody_who_is_not_there(self):
        for prefix, words in (("", "contact us"), ("/fr", "ontacte")):
            self.assertNotContains(self.client.get(f"{prefix}/accounts/password/reset/"), words)
            sent = self.client.get(f"{prefix}/accounts/password/reset/done/")
            self.assertNotContains(sent, words)
            self.assertContains(sent, f'href="{prefix}/accounts/password/reset/"')

    def test_recovery_tells_nobody_who_is_known(self):
        known = self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        unknown = self.client.post("/accounts/password/reset/", {"email": "eve@example.com"})
        self.assertEqual((known.status_code, known.url), (unknown.status_code, unknown.url))
        self.assertEqual([m.to for m in mail.outbox], [["ada@example.com"], ["eve@example.com"]])
