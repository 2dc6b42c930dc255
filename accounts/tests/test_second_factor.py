"""/accounts/2fa/...: codes after the password."""

import time

import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from accounts.tests.account_case import PASSWORD, AccountCase
from core.rest.rate_limits import cache as shared


def code_of(secret, steps=0):
    """Return the code that an app shows so many half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


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

    def test_guesses_are_counted_whatever_becomes_of_the_cache(self):
        """As while Redis is away, or when a cache in memory is full."""
        TOTP.activate(self.user, generate_totp_secret())
        RecoveryCodes.activate(self.user)
        for _ in range(5):
            self.sign_in()
            self.answer("000000")
            shared.clear()
        self.sign_in()
        code = RecoveryCodes.activate(self.user).get_unused_codes()[0]
        self.assertContains(self.answer(code), "Too many failed login attempts")

    def test_a_code_of_the_app_works_once(self):
        """Also in its last half minute, which allauth's memory of it does not reach."""
        secret = generate_totp_secret()
        TOTP.activate(self.user, secret)
        with time_machine.travel("2026-12-31 23:59:20+00:00", tick=False) as clock:
            code = code_of(secret, 1)  # of a clock that is ahead: it works for a minute and a half
            for seconds, expected in ((0, True), (25, False), (35, False)):
                clock.shift(seconds)
                self.sign_in()
                self.answer(code)
                self.assertEqual(self.is_signed_in(), expected, seconds)
                self.client.logout()
            self.sign_in()
            self.answer(code_of(secret))
            self.assertTrue(self.is_signed_in())

    def test_no_earlier_code_works_after_a_later_one(self):
        secret = generate_totp_secret()
        TOTP.activate(self.user, secret)
        with time_machine.travel("2028-02-29 12:00:20+00:00", tick=False):
            for steps, expected in ((1, True), (0, False), (-1, False)):
                self.sign_in()
                self.answer(code_of(secret, steps))
                self.assertEqual(self.is_signed_in(), expected, steps)
                self.client.logout()

    def test_the_code_that_added_the_app_does_not_sign_in(self):
        self.sign_in_and_show_it()
        with time_machine.travel(timezone.now(), tick=False) as clock:
            self.client.get("/accounts/2fa/totp/activate/")
            secret = self.client.session["mfa.totp.secret"]
            code = code_of(secret)
            added = self.client.post("/accounts/2fa/totp/activate/", {"code": code})
            self.assertEqual(added.status_code, 302)
            self.client.logout()
            self.sign_in()
            self.answer(code)
            self.assertFalse(self.is_signed_in())
            clock.shift(30)
            self.answer(code_of(secret))
            self.assertTrue(self.is_signed_in())

    def test_a_code_shown_once_more_does_not_sign_in(self):
        secret = generate_totp_secret()
        TOTP.activate(self.user, secret)
        self.client.force_login(self.user)
        self.client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
        self.client.logout()
        self.sign_in()
        cache.clear()  # what allauth remembers
        self.answer(code_of(secret))
        self.assertFalse(self.is_signed_in())

    def test_a_used_code_does_not_reset_the_limit(self):
        secret = generate_totp_secret()
        TOTP.activate(self.user, secret)
        with time_machine.travel("2026-12-31 23:59:20+00:00", tick=False) as clock:
            code = code_of(secret, 1)
            self.sign_in()
            self.answer(code)
            self.client.logout()
            clock.shift(35)
            self.sign_in()
            for guess in ("000000", "000000", code, "000000", code):
                self.assertContains(self.answer(guess), "Incorrect code")
            clock.shift(30)
            self.sign_in()
            answer = self.answer(code_of(secret))
            self.assertContains(answer, "Too many failed login attempts")

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
