"""The way in and out: sign-up, confirmation, sign-in, recovery, second factor."""

import re
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import TestCase
from django.utils import timezone

from accounts.adapter import confirm_by_recovery
from accounts.tasks import forget
from oc_lettings_site.pagecache import generation

PASSWORD = "oranges-in-november"


MAKE_PASSWORD = "django.contrib.auth.base_user.make_password"


class AccountCase(TestCase):
    def setUp(self):
        cache.clear()  # allauth's limits

    def sign_up(self, username="ada", email="ada@example.com", **more):
        form = {"username": username, "email": email}
        form |= {"password1": PASSWORD, "password2": PASSWORD, **more}
        return self.client.post("/accounts/signup/", form)

    def sign_in(self, login="ada", password=PASSWORD):
        return self.client.post("/accounts/login/", {"login": login, "password": password})

    def sign_in_and_show_it(self):
        """Some pages ask for the password again."""
        self.sign_in()
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    def is_signed_in(self):
        return "_auth_user_id" in self.client.session

    def link_in_mail(self):
        [link] = re.findall(r"http://testserver(/accounts/\S+)", mail.outbox[-1].body)
        return link


class SignUpTests(AccountCase):
    def test_sign_up_confirm_and_in(self):
        self.assertRedirects(self.sign_up(), "/accounts/confirm-email/")
        self.assertFalse(self.is_signed_in())
        self.assertEqual(mail.outbox[0].to, ["ada@example.com"])
        link = self.link_in_mail()
        self.assertContains(self.client.get(link), "ada@example.com")
        self.assertRedirects(self.client.post(link), "/accounts/")
        self.assertTrue(self.is_signed_in())
        self.assertTrue(EmailAddress.objects.get(email="ada@example.com").verified)

    def test_a_closed_door_until_the_address_is_confirmed(self):
        self.sign_up()
        self.assertRedirects(self.sign_in(), "/accounts/confirm-email/")
        self.assertFalse(self.is_signed_in())

    def test_nobody_sees_who_has_confirmed_nothing(self):
        self.sign_up("buy-pills-at-example.com")
        for path in ("/profiles/", "/sitemap-profiles.xml", "/api/v1/profiles"):
            self.assertNotContains(self.client.get(path), "buy-pills")
        for path in (
            "/profiles/buy-pills-at-example.com/",
            "/api/v1/profiles/buy-pills-at-example.com",
        ):
            self.assertEqual(self.client.get(path).status_code, 404)

    def test_confirmed_everyone_sees_them(self):
        self.sign_up()
        self.client.post(self.link_in_mail())
        self.client.logout()
        self.assertContains(self.client.get("/profiles/"), "ada")
        self.assertEqual(self.client.get("/profiles/ada/").status_code, 200)

    def test_confirmed_they_are_on_kept_pages_too(self):
        self.sign_up()
        before = generation()
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(self.link_in_mail())
        self.assertNotEqual(generation(), before)

    def test_no_page_tells_that_an_address_is_known(self):
        User.objects.create_user("bob", "ada@example.com", PASSWORD)
        EmailAddress.objects.create(user_id=User.objects.get().pk, email="ada@example.com")
        known = self.sign_up()
        unknown = self.sign_up("eve", "eve@example.com")
        self.assertEqual((known.status_code, known.url), (unknown.status_code, unknown.url))
        told, asked = mail.outbox
        self.assertEqual(told.to, ["ada@example.com"])
        self.assertNotIn("confirm-email/", told.body)
        self.assertIn("confirm-email/", asked.body)
        self.assertFalse(User.objects.filter(username="ada").exists())

    def test_nor_does_the_time_it_takes(self):
        """A hash is most of what a sign-up costs: both must pay for one."""
        User.objects.create_user("bob", "ada@example.com", PASSWORD)
        for email in ("ada@example.com", "eve@example.com"):
            with mock.patch(MAKE_PASSWORD, return_value="!") as hashed:
                self.sign_up(email=email)
            self.assertEqual(hashed.call_count, 1, email)

    def test_an_account_is_made_whole_or_not_at_all(self):
        """Without the address to confirm, it would pass for one of the site of 2021."""
        stopped = mock.patch.object(EmailAddress, "save", side_effect=InterruptedError)
        with stopped, self.assertRaises(InterruptedError):
            self.sign_up()
        self.assertFalse(User.objects.exists())

    def test_a_weak_password_is_refused_and_nothing_typed_is_lost(self):
        page = self.sign_up(password1="password", password2="password")
        self.assertContains(page, "too common")
        self.assertContains(page, 'value="ada@example.com"')
        self.assertContains(page, 'aria-describedby="id_password1_helptext id_password1_error"')
        self.assertFalse(User.objects.exists())

    def test_a_name_that_is_taken_whatever_its_capitals(self):
        User.objects.create_user("Ada")
        self.assertContains(self.sign_up("ADA"), "already exists")


class SignInTests(AccountCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ada", "ada@example.com", PASSWORD)

    def test_the_label_says_what_to_write_and_stays(self):
        response = self.client.get("/accounts/login/")
        self.assertContains(response, '<label for="id_login">Username or e-mail address</label>')
        self.assertNotContains(response, "placeholder")
        self.assertContains(response, 'autocomplete="username"')

    def test_by_name_or_by_address(self):
        for login in ("ada", "ADA@example.com"):
            self.assertEqual(self.sign_in(login).status_code, 302)
            self.assertTrue(self.is_signed_in())
            self.client.post("/accounts/logout/")
            self.assertFalse(self.is_signed_in())

    def test_whatever_capitals_the_address_was_given_with(self):
        User.objects.create_user("bob", "Bob@example.com", PASSWORD)
        self.sign_in("Bob@example.com")
        self.assertTrue(self.is_signed_in())
        self.client.logout()
        self.client.post("/accounts/password/reset/", {"email": "Bob@example.com"})
        self.assertIn("password/reset/key/", mail.outbox[-1].body)

    def test_those_that_were_kept_with_capitals_are_mended(self):
        User.objects.update(email="Ada@Example.com")
        migration = import_module("accounts.migrations.0003_addresses_in_small_letters")
        migration.lower(apps, SimpleNamespace(connection=connection))
        self.sign_in("ada@example.com")
        self.assertTrue(self.is_signed_in())

    def test_one_of_2021_has_no_confirmed_address_and_comes_in(self):
        self.assertFalse(EmailAddress.objects.exists())
        self.sign_in()
        self.client.get("/accounts/email/")  # allauth notes the address, unconfirmed
        self.client.post("/accounts/logout/")
        self.sign_in()
        self.assertTrue(self.is_signed_in())

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

    def test_a_wrong_password_costs_one_hash_whoever_is_named(self):
        """Two for a known address told that it is known."""
        for login in ("ada", "ada@example.com", "eve", "eve@example.com"):
            with mock.patch.object(
                MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
            ) as hashed:
                self.sign_in(login, "wrong")
            self.assertEqual(hashed.call_count, 1, login)

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

    def test_recovery_tells_nobody_who_is_known(self):
        known = self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        unknown = self.client.post("/accounts/password/reset/", {"email": "eve@example.com"})
        self.assertEqual((known.status_code, known.url), (unknown.status_code, unknown.url))
        self.assertEqual([m.to for m in mail.outbox], [["ada@example.com"], ["eve@example.com"]])

    def test_staff_come_in_by_the_same_door(self):
        self.assertRedirects(
            self.client.get("/admin/login/?next=/admin/"), "/accounts/login/?next=%2Fadmin%2F"
        )
        self.client.force_login(self.user)
        self.assertEqual(self.client.get("/admin/login/").status_code, 403)

    def test_a_new_password_ends_the_other_sessions(self):
        self.sign_in()
        here = self.client.cookies["sessionid"].value
        other = self.client_class()
        other.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
        form = {"oldpassword": PASSWORD, "password1": PASSWORD * 2, "password2": PASSWORD * 2}
        self.client.post("/accounts/password/change/", form)
        self.assertTrue(here)
        self.assertEqual(self.client.get("/accounts/").status_code, 200)
        self.assertEqual(other.get("/accounts/").status_code, 302)
        self.assertIn("password", mail.outbox[-1].subject.lower())

    def test_sessions_are_listed_and_ended(self):
        self.sign_in()
        other = self.client_class(headers={"user-agent": "A phone"})
        other.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
        self.assertContains(self.client.get("/accounts/sessions/"), "A phone")
        self.client.post("/accounts/sessions/")
        self.assertEqual(other.get("/accounts/").status_code, 302)
        self.assertEqual(self.client.get("/accounts/").status_code, 200)

    def test_an_address_changes_when_the_new_one_is_confirmed(self):
        self.sign_in_and_show_it()
        EmailAddress.objects.create(
            user=self.user, email="ada@example.com", verified=True, primary=True
        )
        self.client.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
        self.user.refresh_from_db()
        self.assertEqual(self.user.email, "ada@example.com")
        self.client.post(self.link_in_mail())
        self.user.refresh_from_db()
        self.assertEqual(self.user.email, "new@example.com")


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

    def test_a_recovery_code_works_once(self):
        TOTP.activate(self.user, generate_totp_secret())
        code = RecoveryCodes.activate(self.user).get_unused_codes()[0]
        for expected in (True, False):
            self.sign_in()
            self.answer(code)
            self.assertEqual(self.is_signed_in(), expected)
            self.client.logout()

    def test_the_code_to_scan_is_in_the_page_itself(self):
        self.sign_in_and_show_it()
        page = self.client.get("/accounts/2fa/totp/activate/")
        self.assertContains(page, "<svg")
        self.assertNotContains(page, "data:image")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["", "profile/", "export/", "delete/", "email/", "2fa/"])
def test_a_stranger_is_sent_to_the_door(client, page, method):
    answer = getattr(client, method)(f"/accounts/{page}")
    if (page, method) == ("", "post"):
        assert answer.status_code == 405
    else:
        assert answer.url == f"/accounts/login/?next=/accounts/{page}"
