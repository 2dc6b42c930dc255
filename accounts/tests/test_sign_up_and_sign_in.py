"""Sign-up, confirmation, sign-in and sessions."""

import re
from importlib import import_module
from types import SimpleNamespace
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import override_settings

from accounts.tests.account_case import PASSWORD, AccountCase
from core.pagecache import generation
from core.tests.pages import folded

MAKE_PASSWORD = "django.contrib.auth.base_user.make_password"


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

    def test_no_sign_in_before_the_address_is_confirmed(self):
        self.sign_up()
        self.assertRedirects(self.sign_in(), "/accounts/confirm-email/")
        self.assertFalse(self.is_signed_in())

    def test_an_unconfirmed_profile_is_not_public(self):
        self.sign_up("buy-pills-at-example.com")
        for path in ("/profiles/", "/sitemap-profiles.xml", "/api/v1/profiles"):
            self.assertNotContains(self.client.get(path), "buy-pills")
        for path in (
            "/profiles/buy-pills-at-example.com/",
            "/api/v1/profiles/buy-pills-at-example.com",
        ):
            self.assertEqual(self.client.get(path).status_code, 404)

    def test_a_confirmed_profile_is_public(self):
        self.sign_up()
        self.client.post(self.link_in_mail())
        self.client.logout()
        self.assertContains(self.client.get("/profiles/"), "ada")
        self.assertEqual(self.client.get("/profiles/ada/").status_code, 200)

    def test_a_confirmed_profile_is_on_cached_pages_too(self):
        self.sign_up()
        before = generation()
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(self.link_in_mail())
        self.assertNotEqual(generation(), before)

    @override_settings(ACCOUNT_DEFAULT_HTTP_PROTOCOL="https")
    def test_every_link_of_a_mail_speaks_the_same_protocol(self):
        self.sign_up()
        links = re.findall(r"\S+://\S+", mail.outbox[0].body)
        self.assertEqual(links[1], "https://testserver/")
        self.assertTrue(all(link.startswith("https:") for link in links), links)

    def test_no_page_reveals_a_known_address(self):
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

    def test_the_response_time_does_not_reveal_a_known_address(self):
        """Hashing takes most of the time, so both sign-ups must hash a password."""
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

    def test_a_name_that_may_be_an_address_is_refused(self):
        for name in ("bob@example.com", "a b", "@ada"):
            self.assertContains(self.sign_up(name), "Use letters, digits and . + - _ only")
        self.assertFalse(User.objects.exists())
        self.sign_up("Ada.é+b-c_1")
        self.assertTrue(User.objects.exists())

    def test_a_name_that_is_taken_whatever_its_capitals(self):
        User.objects.create_user("Ada")
        self.assertContains(self.sign_up("ADA"), "already exists")


class SignInTests(AccountCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ada", "ada@example.com", PASSWORD)

    def test_the_label_says_what_to_write_and_stays(self):
        response = self.client.get("/accounts/login/")
        self.assertIn('<label for="id_login">Username or e-mail address</label>', folded(response))
        self.assertNotContains(response, "placeholder")
        self.assertContains(response, 'autocomplete="username"')

    def test_by_name_or_by_address(self):
        for login in ("ada", "ADA@example.com"):
            self.assertEqual(self.sign_in(login).status_code, 302)
            self.assertTrue(self.is_signed_in())
            self.client.post("/accounts/logout/")
            self.assertFalse(self.is_signed_in())

    def test_sign_in_ignores_the_case_of_the_address(self):
        User.objects.create_user("bob", "Bob@example.com", PASSWORD)
        self.sign_in("Bob@example.com")
        self.assertTrue(self.is_signed_in())
        self.client.logout()
        self.client.post("/accounts/password/reset/", {"email": "Bob@example.com"})
        self.assertIn("password/reset/key/", mail.outbox[-1].body)

    def test_the_migration_lowers_stored_addresses(self):
        User.objects.update(email="Ada@Example.com")
        migration = import_module("accounts.migrations.0003_addresses_in_small_letters")
        migration.lower(apps, SimpleNamespace(connection=connection))
        self.sign_in("ada@example.com")
        self.assertTrue(self.is_signed_in())

    def test_a_user_of_2021_signs_in_without_a_confirmed_address(self):
        self.assertFalse(EmailAddress.objects.exists())
        self.sign_in()
        self.client.get("/accounts/email/")  # allauth notes the address, unconfirmed
        self.client.post("/accounts/logout/")
        self.sign_in()
        self.assertTrue(self.is_signed_in())

    def test_a_wrong_password_costs_one_hash_whoever_is_named(self):
        """Two hashes for a known address revealed that it is known."""
        for login in ("ada", "ada@example.com", "eve", "eve@example.com"):
            with mock.patch.object(
                MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
            ) as hashed:
                self.sign_in(login, "wrong")
            self.assertEqual(hashed.call_count, 1, login)

    def test_staff_sign_in_on_the_same_page(self):
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

    def test_a_session_alone_changes_neither_address_nor_second_factor(self):
        self.client.force_login(self.user)  # long ago: no password was given to this one
        for path in ("/accounts/email/", "/accounts/2fa/totp/activate/"):
            answer = self.client.post(path, {"email": "new@example.com", "action_add": ""})
            self.assertRedirects(answer, f"/accounts/reauthenticate/?next={path}")
        self.assertFalse(EmailAddress.objects.filter(email="new@example.com").exists())

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


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["", "profile/", "export/", "delete/", "email/", "2fa/"])
def test_an_anonymous_visitor_is_sent_to_sign_in(client, page, method):
    answer = getattr(client, method)(f"/accounts/{page}")
    if (page, method) == ("", "post"):
        assert answer.status_code == 405
    else:
        assert answer.url == f"/accounts/login/?next=/accounts/{page}"
