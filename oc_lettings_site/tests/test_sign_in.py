"""POST /accounts/login/: only who guesses is limited, and no answer says who has an account."""

from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import RequestFactory, TestCase
from django.utils import timezone

from accounts import sign_in_limits
from accounts.sign_in_limits import tried_from
from core.tests.connections import at_once, for_threads

OWNER = "198.51.100.1"


def attempt(name):
    """Try a password where no address is known; return how many bounds are reached then."""
    request = RequestFactory().post("/", {"login": name}, REMOTE_ADDR="")
    authenticate(request, username=name, password="wrong")
    return sign_in_limits.Attempts().get_failures(request, {"username": name})


class SignInLimitTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.admin = User.objects.create_superuser("admin", password="right")

    def sign_in(self, username="admin", password="wrong", address="203.0.113.1"):
        form = {"login": username, "password": password}
        return self.client.post("/accounts/login/", form, REMOTE_ADDR=address)

    def statuses(self, times, **options):
        return [self.sign_in(**options).status_code for _ in range(times)]

    def test_the_right_password_signs_in(self):
        self.assertEqual(self.sign_in(password="right").status_code, 302)

    def test_a_guesser_is_stopped_after_five_and_nobody_else(self):
        self.assertEqual(self.statuses(6), [200, 200, 200, 200, 429, 429])
        stopped = self.sign_in(password="right")
        self.assertEqual(stopped.status_code, 429)
        self.assertEqual(stopped["Retry-After"], "900")
        self.assertTemplateUsed(stopped, "accounts/locked_out.html")
        self.assertEqual(self.sign_in(password="right", address=OWNER).status_code, 302)

    def test_a_guesser_goes_on_no_sooner_because_the_owner_came_in(self):
        self.statuses(5)
        for _ in range(2):
            self.assertEqual(self.sign_in(password="right", address=OWNER).status_code, 302)
            self.client.logout()
            self.assertEqual(self.sign_in().status_code, 429)

    def test_an_office_is_not_closed_by_one_of_it(self):
        User.objects.create_user("colleague", password="theirs")
        self.statuses(5, username="admin")
        self.assertEqual(self.sign_in("colleague", "theirs").status_code, 302)

    def test_many_addresses_that_try_one_name_are_slowed(self):
        """Beyond the bound the owner comes in by mail: accounts/tests/test_password_reset.py."""
        for number in range(49):
            self.assertEqual(self.sign_in(address=f"203.0.113.{number}").status_code, 200)
        self.assertEqual(self.sign_in(password="right", address=OWNER).status_code, 302)
        self.client.logout()
        self.assertEqual(self.sign_in(address="203.0.113.99").status_code, 429)
        self.assertEqual(self.sign_in(password="right", address=OWNER).status_code, 429)

    def test_an_address_that_tries_many_names_is_slowed(self):
        for number in range(49):
            cache.clear()  # 30 a minute
            self.assertEqual(self.sign_in(f"user{number}").status_code, 200)
        self.assertEqual(self.sign_in("another").status_code, 429)
        self.assertEqual(self.sign_in(password="right").status_code, 429)
        self.assertEqual(self.sign_in(password="right", address=OWNER).status_code, 302)

    def test_its_name_counts_whatever_its_capitals(self):
        names = ("admin", "Admin", "ADMIN", "aDMIN", "adMIN")
        found = [self.sign_in(name).status_code for name in names]
        self.assertEqual(found, [200, 200, 200, 200, 429])

    def test_no_lock_tells_whose_an_address_is(self):
        User.objects.update(email="admin@example.com")
        self.statuses(5)
        self.assertEqual(self.sign_in("admin@example.com").status_code, 200)

    def test_the_page_says_how_the_owner_comes_in_at_once(self):
        self.statuses(5)
        page = self.sign_in()
        self.assertContains(page, 'href="/accounts/password/reset/"', status_code=429)
        self.assertContains(page, 'href="/accounts/login/"', status_code=429)
        self.assertContains(page, "15 minutes", status_code=429)

    def test_it_says_so_in_the_same_words_however_often_they_go_on(self):
        self.assertEqual(self.statuses(12)[4:], [429] * 8)

    def test_a_network_of_ipv6_is_one_address(self):
        found = [self.sign_in(address=f"2001:db8::{n}").status_code for n in range(1, 6)]
        self.assertEqual(found, [200, 200, 200, 200, 429])
        kept = set(AccessAttempt.objects.values_list("ip_address", flat=True))
        self.assertEqual(kept, {"2001:db8::"})
        self.assertEqual(self.sign_in(address="2001:db8:0:1::1").status_code, 200)

    def test_an_address_of_ipv4_is_one_however_it_is_written(self):
        found = [
            self.sign_in(address=address).status_code
            for address in ["203.0.113.1", "::ffff:203.0.113.1", "::ffff:cb00:7101"] * 2
        ]
        self.assertEqual(found, [200, 200, 200, 200, 429, 429])
        self.assertEqual(self.sign_in(address="::ffff:203.0.113.2").status_code, 200)

    def test_without_an_address_the_name_alone_is_counted(self):
        """A server behind a socket: five wrong passwords must not close it to everybody."""
        self.assertIsNone(tried_from(RequestFactory().get("/", REMOTE_ADDR="")))
        with mock.patch.dict(sign_in_limits.BOUNDS, {("username",): 7}):
            for number in range(7):
                name = f"user{number}"
                self.assertEqual(attempt(name), 0)
            self.assertEqual([attempt("admin") for _ in range(7)], [0] * 6 + [1])

    def test_nobody_learns_whether_an_account_exists(self):
        known = [self.sign_in("admin", address="203.0.113.1") for _ in range(6)]
        unknown = [self.sign_in("nobody", address="203.0.113.2") for _ in range(6)]
        self.assertEqual([r.status_code for r in known], [r.status_code for r in unknown])
        self.assertEqual(known[5].content, unknown[5].content)
        words = "The username and/or password you specified are not correct."
        self.assertContains(known[0], words)
        self.assertContains(unknown[0], words)

    def test_the_right_password_clears_the_count(self):
        self.statuses(4)
        self.assertEqual(self.sign_in(password="right").status_code, 302)
        self.client.logout()
        self.assertEqual(self.statuses(4), [200] * 4)

    def test_by_the_address_as_well(self):
        User.objects.update(email="admin@example.com")
        for _ in range(2):
            self.assertEqual(self.statuses(4, username="admin@example.com"), [200] * 4)
            self.assertEqual(self.sign_in("Admin@example.com", "right").status_code, 302)
            self.client.logout()

    def test_the_right_password_of_another_account_clears_no_count(self):
        User.objects.create_user("mallory", password="hers")
        self.statuses(3)
        self.assertEqual(self.sign_in("mallory", "hers").status_code, 302)
        self.client.logout()
        self.assertEqual(self.statuses(2), [200, 429])

    def test_not_by_a_name_that_is_the_address_of_another_either(self):
        User.objects.update(email="admin@example.com")
        User.objects.create_user("admin@example.com", password="hers")
        self.statuses(3, username="admin@example.com")
        self.assertEqual(self.sign_in("admin@example.com", "hers").status_code, 302)
        self.client.logout()
        self.assertEqual(self.statuses(2, username="admin@example.com"), [200, 429])

    def test_each_form_that_asks_for_the_password_counts_the_wrong_ones(self):
        """Whoever finds a session open would guess it there."""
        new = {"password1": "oranges-in-november", "password2": "oranges-in-november"}
        for path, form in (
            ("reauthenticate/", {"password": "wrong"}),
            ("delete/", {"password": "wrong"}),
            ("password/change/", {"oldpassword": "wrong", **new}),
        ):
            AccessAttempt.objects.all().delete()
            cache.clear()
            self.client.force_login(self.admin)
            found = [
                self.client.post(f"/accounts/{path}", form, REMOTE_ADDR="203.0.113.1")
                for _ in range(5)
            ]
            self.assertEqual([r.status_code for r in found], [200, 200, 200, 200, 429], path)
            self.assertTemplateUsed(found[-1], "accounts/locked_out.html")

    def test_staff_change_theirs_where_it_is_counted(self):
        self.client.force_login(self.admin)
        page = self.client.post("/admin/password_change/", {"old_password": "wrong"})
        self.assertRedirects(page, "/accounts/password/change/")

    def test_the_right_password_given_often_is_no_guess(self):
        self.client.force_login(self.admin)
        for _ in range(7):
            page = self.client.post("/accounts/reauthenticate/", {"password": "right"})
            self.assertEqual(page.status_code, 302)

    def test_who_goes_on_while_stopped_waits_no_longer(self):
        with time_machine.travel(timezone.now()) as clock:
            self.statuses(5)
            for _ in range(14):
                clock.shift(60)
                self.assertEqual(self.sign_in(password="right").status_code, 429)
            clock.shift(120)
            self.assertEqual(self.sign_in(password="right").status_code, 302)

    def test_a_quarter_of_an_hour_later_it_opens_again(self):
        self.assertEqual(self.statuses(6)[-1], 429)
        with time_machine.travel(timezone.now() + timedelta(minutes=14)):
            self.assertEqual(self.sign_in(password="right").status_code, 429)
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            self.assertEqual(self.sign_in(password="right").status_code, 302)

    def test_a_name_longer_than_any_is_counted_by_its_beginning(self):
        """PostgreSQL refuses what is longer than its column."""
        self.assertEqual(self.sign_in("é" * 300).status_code, 200)
        self.assertEqual(len(AccessAttempt.objects.get().username), 255)

    def test_no_password_is_kept(self):
        self.sign_in(password="hunter2")
        kept = str(AccessAttempt.objects.values())
        self.assertIn("admin", kept)
        self.assertNotIn("hunter2", kept)


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_are_looked_at_than_in_a_row(tmp_path):
    """axes counts a guess after it was looked at."""

    def guess():
        request = RequestFactory().post("/", {"login": "admin"}, REMOTE_ADDR="203.0.113.1")
        return authenticate(request, username="admin", password="wrong")

    looked_at = mock.patch(
        "allauth.account.auth_backends.AuthenticationBackend._authenticate", return_value=None
    )
    with for_threads(tmp_path), looked_at as found:
        at_once(*[guess] * 8)
    assert found.call_count == 5
