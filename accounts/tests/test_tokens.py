"""Tokens of the API: the page that makes them, and what they open."""

import logging
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory, TestCase
from django.utils import timezone

from accounts.api import tokens
from accounts.api.token_forms import MOST
from accounts.models import SCOPES, ApiToken

from .account_case import PASSWORD, AccountCase

PAGE = "/accounts/tokens/"
FORM = {"name": "channel manager", "scopes": ["profile:read"], "days": "90"}


def make_token(user, *scopes, days=90, name="program"):
    """Return a token's row and text."""
    return tokens.make(user, name, scopes or SCOPES, timezone.now() + timedelta(days=days))


class PageTests(AccountCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada = User.objects.create_user("ada", password=PASSWORD)
        cls.bob = User.objects.create_user("bob")

    def test_it_works(self):
        self.client.force_login(self.ada)
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        response = self.client.post(PAGE, FORM)
        [text] = re.findall(r"ocl_[0-9a-f]{72}", response.content.decode())
        token = self.ada.api_tokens.get()
        self.assertEqual((token.name, token.scopes), ("channel manager", ["profile:read"]))
        self.assertAlmostEqual(
            token.expires_at, timezone.now() + timedelta(days=90), delta=timedelta(minutes=1)
        )
        self.assertEqual(tokens.find(text), token)
        self.assertIn("no-store", response["Cache-Control"])
        self.assertNotIn(text, self.client.get(PAGE).content.decode())

    def test_the_password_is_asked_for_once_more(self):
        self.client.force_login(self.ada)
        response = self.client.post(PAGE, FORM)
        self.assertRedirects(
            response,
            "/accounts/reauthenticate/?next=/accounts/tokens/",
            fetch_redirect_response=False,
        )
        self.assertFalse(ApiToken.objects.exists())

    def test_a_form_with_mistakes_makes_none(self):
        self.sign_in_again()
        for wrong in ({"name": ""}, {"scopes": []}, {"scopes": ["admin"]}, {"days": "9999"}):
            response = self.client.post(PAGE, FORM | wrong)
            self.assertContains(response, "Please look at this again")
        self.assertFalse(ApiToken.objects.exists())

    def test_number_of_tokens_is_limited(self):
        for _ in range(MOST):
            make_token(self.ada)
        self.sign_in_again()
        self.assertContains(self.client.post(PAGE, FORM), "revoke one")

    def sign_in_again(self):
        self.client.force_login(self.ada)
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    def test_it_is_revoked_at_once(self):
        token, text = make_token(self.ada)
        self.client.force_login(self.ada)
        self.assertContains(self.client.get(PAGE), token.ending)
        self.assertRedirects(self.client.post(f"{PAGE}{token.pk}/revoke/"), PAGE)
        self.assertIsNone(tokens.find(text))

    def test_a_new_password_is_said_to_end_them_to_who_may_have_some(self):
        words = "Changing your password revokes your API tokens"
        signup = self.client.get("/accounts/signup/")
        self.assertContains(signup, "at least 8 characters")
        self.assertNotContains(signup, words)
        self.sign_in_again()
        self.assertContains(self.client.get("/accounts/password/change/"), words)

    def test_a_stranger(self):
        token, text = make_token(self.ada)
        self.client.force_login(self.bob)
        self.assertNotContains(self.client.get(PAGE), token.ending)
        self.assertEqual(self.client.post(f"{PAGE}{token.pk}/revoke/").status_code, 404)
        self.assertEqual(tokens.find(text), token)

    def test_nobody(self):
        for response in (self.client.get(PAGE), self.client.post(f"{PAGE}1/revoke/")):
            self.assertEqual(response.status_code, 302)
            self.assertTrue(response["Location"].startswith("/accounts/login/"))

    def test_a_wrong_method_and_a_bad_id(self):
        self.client.force_login(self.ada)
        self.assertEqual(self.client.get(f"{PAGE}1/revoke/").status_code, 405)
        self.assertEqual(self.client.post(f"{PAGE}999/revoke/").status_code, 404)


class TokenTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada = User.objects.create_user("ada", password=PASSWORD)
        cls.token, cls.text = make_token(cls.ada, "profile:read")

    def test_the_database_holds_nothing_that_opens(self):
        row = ApiToken.objects.filter(pk=self.token.pk).values().get()
        self.assertNotIn(self.text, repr(row))
        for start in range(4, 60, 8):  # nor a part of it, but for the ending that is shown
            self.assertNotIn(self.text[start : start + 8], repr(row))

    def test_a_wrong_one_costs_no_query(self):
        typo = self.text[:10] + ("0" if self.text[10] != "0" else "1") + self.text[11:]
        with self.assertNumQueries(0):
            for text in ("", "x", self.text[:-1], self.text.upper(), typo, self.text + "\n"):
                self.assertIsNone(tokens.find(text))

    def test_it_ends_by_time(self):
        self.assertTrue(tokens.find(self.text, timezone.now() + timedelta(days=89)))
        self.assertIsNone(tokens.find(self.text, timezone.now() + timedelta(days=91)))

    def test_it_ends_with_the_users_right_to_sign_in(self):
        User.objects.update(is_active=False)
        self.assertIsNone(tokens.find(self.text))

    def test_it_ends_with_the_user(self):
        self.ada.delete()
        self.assertIsNone(tokens.find(self.text))

    def test_it_ends_with_the_password_and_not_with_its_hash(self):
        ada = User.objects.get(pk=self.ada.pk)
        ada.set_password(PASSWORD)
        ada._password = None  # as Django does when it only hashes anew
        ada.save()
        self.assertTrue(tokens.find(self.text))
        ada.set_password("another-orange")
        ada.save()
        self.assertIsNone(tokens.find(self.text))

    def test_its_use_is_noted_once_an_hour(self):
        now = timezone.now()
        with self.assertNumQueries(2):
            tokens.find(self.text, now)
        with self.assertNumQueries(1):
            tokens.find(self.text, now + timedelta(minutes=59))
        with self.assertNumQueries(2):
            tokens.find(self.text, now + timedelta(minutes=61))
        self.token.refresh_from_db()
        self.assertEqual(self.token.last_used_at, now + timedelta(minutes=61))


class MeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada = User.objects.create_user("ada", "ada@example.com", PASSWORD)
        cls.token, cls.text = make_token(cls.ada, "profile:read")

    def ask(self, authorization):
        return self.client.get("/api/v1/me", headers={"Authorization": authorization})

    def test_it_works(self):
        response = self.ask(f"Bearer {self.text}")
        self.assertEqual(response.json()["username"], "ada")
        self.assertEqual(response.json()["token"]["scopes"], ["profile:read"])
        self.assertEqual(response["RateLimit-Policy"], '"token";q=600;w=60')
        self.assertEqual(self.ask(f"bearer  {self.text}").status_code, 200)

    def test_no_cache_on_the_way_keeps_it(self):
        response = self.ask(f"Bearer {self.text}")
        self.assertEqual(response["Cache-Control"], "private, no-cache")

    def test_two_queries(self):
        self.ask(f"Bearer {self.text}")
        with self.assertNumQueries(2):
            self.ask(f"Bearer {self.text}")

    def test_nobody(self):
        response = self.client.get("/api/v1/me")
        self.assertEqual(response.status_code, 401)
        self.assertEqual(response["WWW-Authenticate"], 'Bearer realm="Orange County Lettings"')
        self.assertEqual(response["Content-Type"], "application/problem+json")

    def test_a_wrong_token(self):
        for wrong in ("Bearer x", f"Basic {self.text}", self.text, f"Bearer {self.text[:-1]}"):
            response = self.ask(wrong)
            self.assertEqual(response.status_code, 401)
            self.assertIn("invalid_token", response["WWW-Authenticate"])

    def test_a_token_without_the_scope(self):
        _row, text = make_token(self.ada, "enquiries:read")
        response = self.ask(f"Bearer {text}")
        self.assertEqual(response.status_code, 403)
        self.assertIn('scope="profile:read"', response["WWW-Authenticate"])
        self.assertIn("profile:read", response.json()["detail"])

    def test_a_session_opens_nothing(self):
        self.client.force_login(self.ada)
        self.assertEqual(self.client.get("/api/v1/me").status_code, 401)


@pytest.mark.django_db
def test_a_token_is_in_no_log_line(client, caplog):
    _row, text = make_token(User.objects.create_user("ada"))
    caplog.set_level(logging.DEBUG)
    for authorization in (f"Bearer {text}", f"Basic {text}"):
        client.get("/api/v1/me", headers={"Authorization": authorization})
        client.get("/api/v1/nothing", headers={"Authorization": authorization})
    assert text[4:68] not in caplog.text


def test_only_the_header_counts():
    request = RequestFactory().get("/?access_token=ocl_x", headers={"Authorization": ""})
    assert tokens.authenticate(request) is None
