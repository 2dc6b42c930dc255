"""/accounts/2fa/...: codes after the password."""

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache

from accounts.tests.cases import PASSWORD, AccountCase


class SecondFactorTests(AccountCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ada", "ada@example.com", PASSWORD)
        EmailAddress.objects.create(
            user=cls.user, email="ada@example.com", verified=True, primary=True
        )

    def test_signing_in_asks_for_the_code(self):
        TOTP.activate(self.user, generate_totp_secret())
        self.assertRedirects(self.sign_in(), "/accounts/2fa/authenticate/")
        self.assertFalse(self.is_signed_in())
        self.assertContains(self.answer("000000"), "Incorrect code")
        self.assertFalse(self.is_signed_in())

    def test_guessing_the_code_closes_the_account_to_codes_wherever_they_come_from(self):
        TOTP.activate(self.user, generate_totp_secret())
        code = RecoveryCodes.activate(self.user).get_unused_codes()[0]
        for number in range(5):
            self.sign_in()
            self.answer("000000", REMOTE_ADDR=f"203.0.113.{number}")
        self.sign_in()
        self.assertContains(self.answer(code), "Too many failed login attempts")
        self.assertFalse(self.is_signed_in())
        cache.clear()  # as a quarter of an hour does
        self.answer(code)
        self.assertTrue(self.is_signed_in())

    def answer(self, code, **more):
        return self.client.post("/accounts/2fa/authenticate/", {"code": code}, **more)

    def test_who_shows_it_too_often_is_told_when_to_come_again(self):
        TOTP.activate(self.user, generate_totp_secret())
        self.client.force_login(self.user)
        path = "/accounts/2fa/reauthenticate/"
        answers = [self.client.post(path, {"code": "000000"}) for _ in range(11)]
        self.assertEqual([answer.status_code for answer in answers], [200] * 10 + [429])
        self.assertEqual(answers[-1]["Retry-After"], "60")

    def test_a_recovery_code_works_once(self):
        TOTP.activate(self.user, generate_totp_secret())
        code = RecoveryCodes.activate(self.user).get_unused_codes()[0]
        for expected in (True, False):
            self.sign_in()
            self.answer(code)
            self.assertEqual(self.is_signed_in(), expected)
            self.client.logout()

    def test_the_address_can_be_changed_all_the_same(self):
        self.sign_in_and_show_it()
        TOTP.activate(self.user, generate_totp_secret())
        self.client.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
        self.assertEqual(mail.outbox[-1].to, ["new@example.com"])
        self.client.post(self.link_in_mail())
        self.user.refresh_from_db()
        self.assertEqual(self.user.email, "new@example.com")

    def test_the_code_to_scan_is_in_the_page_itself(self):
        self.sign_in_and_show_it()
        page = self.client.get("/accounts/2fa/totp/activate/")
        self.assertContains(page, "<svg")
        self.assertNotContains(page, "data:image")
