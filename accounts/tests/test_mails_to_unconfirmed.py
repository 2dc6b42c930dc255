"""An unconfirmed address gets few mails, and none with text that a stranger typed."""

from datetime import timedelta
from unittest import mock

import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from accounts import mail_limits
from accounts.mail_limits import A_DAY
from accounts.tests.account_case import PASSWORD, AccountCase

VICTIM = "victim@example.org"
TYPED = "buy-now"


class WordsTests(AccountCase):
    """All that somebody can type before an address is confirmed."""

    def setUp(self):
        super().setUp()
        self.client = self.client_class(headers={"user-agent": TYPED, "referer": f"/{TYPED}"})

    def assertNothingTyped(self, number):
        self.assertEqual([written.to for written in mail.outbox], [[VICTIM]] * number)
        for written in mail.outbox:
            self.assertNotIn(TYPED, (written.subject + written.body).lower())

    def test_signing_up(self):
        for name in (TYPED, f"{TYPED}-2"):
            self.sign_up(name, VICTIM, first_name=TYPED, next=f"/{TYPED}")
            cache.clear()  # one in three minutes
        self.assertNothingTyped(2)

    def test_signing_up_with_its_capitals_as_letters(self):
        self.sign_up(TYPED, VICTIM)
        cache.clear()
        self.sign_up("another", "ViCtIm@example.org")
        self.assertNotIn("ViCtIm", mail.outbox[1].body)

    def test_signing_in_unconfirmed(self):
        self.sign_up(TYPED, VICTIM)
        cache.clear()
        self.sign_in(TYPED)
        self.assertNothingTyped(2)

    def test_asking_for_a_new_password(self):
        self.sign_up(TYPED, VICTIM)
        self.client.post("/accounts/password/reset/", {"email": VICTIM})
        self.assertNothingTyped(2)

    def test_naming_it_as_ones_new_address(self):
        user = User.objects.create_user(TYPED, "mallory@example.org", PASSWORD, first_name=TYPED)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        self.sign_in_as(TYPED)
        self.client.post("/accounts/email/", {"email": VICTIM, "action_add": ""})
        self.assertNothingTyped(1)

    def sign_in_as(self, name):
        self.sign_in(name)
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})


class Asking(AccountCase):
    def someone(self, name):
        user = User.objects.create_user(name, f"{name}@example.com", PASSWORD)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        self.client.logout()
        self.sign_in(name)
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    def ask_to_confirm(self, action="action_send"):
        return self.client.post("/accounts/email/", {"email": VICTIM, action: ""}).status_code


class CoolOffTests(Asking):
    def test_one_account_waits_between_two_mails_and_another_does_not_wait_for_it(self):
        """allauth waits by address: who asked every three minutes kept its owner from any."""
        self.someone("mallory")
        found = [self.ask_to_confirm(action) for action in ("action_add", "action_send")]
        self.assertEqual(found, [302, 429])
        self.someone("ada")
        self.assertEqual(self.ask_to_confirm("action_add"), 302)
        self.assertEqual([written.to for written in mail.outbox], [[VICTIM]] * 2)


class NumberTests(Asking):
    def setUp(self):
        super().setUp()
        # With all the patience that allauth asks for.
        patient = mock.patch("allauth.core.internal.ratelimit.get_rates", return_value=[])
        patient.start()
        self.addCleanup(patient.stop)
        patient = mock.patch.object(mail_limits, "COOL_OFF", timedelta(0))
        patient.start()
        self.addCleanup(patient.stop)

    def everywhere(self, act, number=30):
        """Call ``act`` from many network addresses."""
        pages = []
        for n in range(number):
            with mock.patch.object(self.client, "defaults", {"REMOTE_ADDR": f"203.0.113.{n}"}):
                pages.append(act(n))
        return pages

    def test_one_gets_a_few_a_day_however_many_accounts_are_made_with_it(self):
        pages = self.everywhere(lambda n: self.sign_up(f"name{n}", VICTIM))
        self.assertEqual({page.url for page in pages}, {"/accounts/confirm-email/"})
        self.assertEqual(len(mail.outbox), A_DAY)
        with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
            self.everywhere(lambda n: self.sign_up(f"again{n}", VICTIM))
        self.assertEqual(len(mail.outbox), 2 * A_DAY)

    def test_at_the_limit_a_password_reset_still_works(self):
        self.everywhere(lambda n: self.sign_up(f"name{n}", VICTIM), A_DAY + 1)
        self.sign_up("victim", VICTIM)
        self.assertEqual(len(mail.outbox), A_DAY)
        self.assertIn("/accounts/password/reset/", mail.outbox[-1].body)
        self.client.post("/accounts/password/reset/", {"email": VICTIM})
        link = self.client.get(self.link_in_mail()).url
        self.client.post(link, {"password1": PASSWORD * 2, "password2": PASSWORD * 2})
        self.assertTrue(self.is_signed_in())

    def test_who_is_signed_in_is_told_and_strangers_use_nothing_up_for_them(self):
        user = User.objects.create_user("ada", "ada@example.com", PASSWORD)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        self.everywhere(lambda n: self.sign_up(f"name{n}", VICTIM), A_DAY + 1)
        EmailAddress.objects.filter(email=VICTIM).delete()
        mail.outbox.clear()
        self.sign_in_and_show_it()
        pages = [
            self.client.post("/accounts/email/", {"email": VICTIM, action: ""})
            for action in ["action_add", *["action_send"] * A_DAY]
        ]
        self.assertEqual([written.to for written in mail.outbox], [[VICTIM]] * A_DAY)
        self.assertEqual([page.status_code for page in pages], [302] * A_DAY + [429])

    def test_one_account_uses_up_no_mails_of_another_that_waits_for_the_same_address(self):
        self.someone("mallory")
        found = [
            self.ask_to_confirm(action) for action in ["action_add", *["action_send"] * A_DAY]
        ]
        self.assertEqual(found, [302] * A_DAY + [429])
        self.someone("ada")
        self.assertEqual(self.ask_to_confirm("action_add"), 302)
        self.assertEqual(mail.outbox[-1].to, [VICTIM])
        self.assertEqual(len(mail.outbox), A_DAY + 1)

    def test_all_accounts_together_have_so_many_sent_to_one_address(self):
        with mock.patch.object(mail_limits, "OF_ALL_A_DAY", 2):
            found = []
            for name in ("eve", "mallory", "trudy"):
                self.someone(name)
                found.append(self.ask_to_confirm("action_add"))
        self.assertEqual(found, [302, 302, 429])
        self.assertEqual(len(mail.outbox), 2)

    def test_a_network_makes_so_many_accounts_a_day(self):
        with mock.patch.object(mail_limits, "SIGN_UPS_A_DAY", 2):
            for n in range(2):
                self.assertEqual(self.sign_up(f"name{n}", f"v{n}@example.org").status_code, 302)
            page = self.sign_up("name2", "v2@example.org")
        self.assertContains(page, "Too many accounts")
        self.assertContains(page, 'value="v2@example.org"')
        self.assertEqual(len(mail.outbox), 2)
