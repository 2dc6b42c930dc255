"""/accounts/password/reset/: choose a new password by mail."""

import re
from contextlib import ExitStack
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sign_in_limits
from accounts.adapter import confirm_by_recovery
from accounts.mail_limits import A_DAY
from accounts.tasks import forget
from accounts.tests.account_case import PASSWORD, AccountCase
from background.models import Mail
from background.tests.backend import use_outbox

SENT = (302, "/accounts/password/reset/done/")


class RecoveryTests(AccountCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ada", "ada@example.com", PASSWORD)

    def test_they_recover_by_mail(self):
        self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        link = self.client.get(self.link_in_mail()).url
        form = {"password1": PASSWORD * 2, "password2": PASSWORD * 2}
        self.assertRedirects(self.client.post(link, form), "/accounts/")
        self.assertTrue(self.is_signed_in())
        self.client.logout()
        self.sign_in(password=PASSWORD * 2)
        self.assertTrue(self.is_signed_in())

    def recover(self):
        """Ask for a link, open it, and choose a new password."""
        self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        link = self.client.get(self.link_in_mail()).url
        return self.client.post(link, {"password1": PASSWORD * 2, "password2": PASSWORD * 2})

    def test_a_locked_out_user_signs_in_by_mail(self):
        guess = {"login": "ada", "password": "wrong"}
        with mock.patch.dict(sign_in_limits.BOUNDS, {by: 1 for by in sign_in_limits.BOUNDS}):
            for address in ("203.0.113.7", "127.0.0.1"):
                self.client.post("/accounts/login/", guess, REMOTE_ADDR=address)
            self.assertEqual(self.sign_in().status_code, 429)
            self.recover()
            self.assertTrue(self.is_signed_in())

    def test_a_passkey_asks_for_no_password_that_others_could_have_used_up(self):
        credential = Authenticator.objects.create(user=self.user, type="webauthn", data={})
        keys = {"parse_authentication_response": None, "extract_user_from_response": self.user}
        keys |= {"complete_authentication": credential}
        with mock.patch.dict(sign_in_limits.BOUNDS, {by: 1 for by in sign_in_limits.BOUNDS}):
            self.sign_in(password="wrong")
            self.assertEqual(self.sign_in().status_code, 429)
            with ExitStack() as stack:
                for name, answer in keys.items():
                    path = f"allauth.mfa.webauthn.internal.auth.{name}"
                    stack.enter_context(mock.patch(path, return_value=answer))
                self.client.post("/accounts/2fa/webauthn/login/", {"credential": '{"id": "a"}'})
        self.assertTrue(self.is_signed_in())

    def test_a_second_factor_is_asked_for_all_the_same(self):
        TOTP.activate(self.user, generate_totp_secret())
        self.assertRedirects(self.recover(), "/accounts/2fa/authenticate/")
        self.assertFalse(self.is_signed_in())

    def ask_from_everywhere(self, number, email="ada@example.com", start=0):
        return [
            self.client.post(
                "/accounts/password/reset/", {"email": email}, REMOTE_ADDR=f"203.0.113.{start + n}"
            )
            for n in range(number)
        ]

    def test_one_gets_a_few_such_mails_a_day_whoever_asks(self):
        answers = self.ask_from_everywhere(30)
        self.assertEqual({(page.status_code, page.url) for page in answers}, {SENT})
        self.assertEqual(len(mail.outbox), A_DAY)
        with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
            self.ask_from_everywhere(30)
        self.assertEqual(len(mail.outbox), 2 * A_DAY)

    def test_addresses_of_ipv4_are_not_one_where_a_server_listens_for_both(self):
        """allauth lets one ask twenty times a minute, of IPv6 one network of 2**64."""
        for start, expected in (("::ffff:203.0.113.", {302}), ("2001:db8::", {302, 429})):
            statuses = {
                self.client.post(
                    "/accounts/password/reset/",
                    {"email": "eve@example.com"},
                    REMOTE_ADDR=f"{start}{n}",
                ).status_code
                for n in range(1, 24)
            }
            self.assertEqual(statuses, expected, start)

    def test_links_still_work_when_strangers_used_up_the_limit(self):
        self.ask_from_everywhere(30)
        link = self.client.get(self.link_in_mail()).url
        self.client.post(link, {"password1": PASSWORD * 2, "password2": PASSWORD * 2})
        self.assertTrue(self.is_signed_in())
        # Those links are over now, and so is their count.
        self.client.logout()
        self.ask_from_everywhere(1)
        self.assertIn("password/reset/key/", mail.outbox[-1].body)
        self.assertEqual(self.client.get(self.link_in_mail()).status_code, 302)

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
        self.assertContains(self.client.get(link), "This link no longer works")
        User.objects.update(email="ada@example.com")
        page = self.client.get(link).url
        self.client.post(page, {"password1": PASSWORD * 2, "password2": PASSWORD * 2})
        self.assertContains(self.client_class().get(link), "This link no longer works")

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
            self.assertRedirects(answer, "/accounts/")
            self.client.logout()
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

    def test_a_reset_does_not_reveal_a_known_address(self):
        known = self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        unknown = self.client.post("/accounts/password/reset/", {"email": "eve@example.com"})
        self.assertEqual((known.status_code, known.url), (unknown.status_code, unknown.url))
        self.assertEqual([m.to for m in mail.outbox], [["ada@example.com"]])
        pages = [
            self.client.post("/accounts/password/reset/", {"email": email}, follow=True).content
            for email in ("ada@example.com", "eve@example.com")
        ]
        self.assertEqual(pages[0], pages[1])


@pytest.mark.django_db
def test_the_response_time_does_not_reveal_a_known_address(settings, client):
    """Writing to the database takes most of the time, so both must write as much."""
    use_outbox(settings)
    User.objects.create_user("ada", "ada@example.com", PASSWORD)
    written = []
    for email in ("ada@example.com", "eve@example.com"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/accounts/password/reset/", {"email": email})
        verbs = [query["sql"].split()[0] for query in queries]
        written.append(verbs.count("INSERT") + verbs.count("UPDATE"))
    assert written[0] == written[1]
    assert [row.recipients for row in Mail.objects.all()] == [["ada@example.com"]]
