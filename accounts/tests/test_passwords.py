"""A password is the same however a keyboard writes it; older ones still sign in."""

from unicodedata import normalize

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher, check_password
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from accounts import passwords
from accounts.tests.account_case import AccountCase

COMPOSED = normalize("NFC", "öränges in növember")
WRITTEN = [COMPOSED, normalize("NFD", COMPOSED), COMPOSED.replace(" ", "\u00a0")]


@pytest.mark.parametrize("hasher", [passwords.Hasher, passwords.QuickHasher])
@pytest.mark.parametrize("stored", WRITTEN)
def test_every_form_is_the_same_password(hasher, stored):
    hasher = type("Quickest", (hasher,), {"plain": hasher.__bases__[-1]()})()
    hasher.plain.iterations = 1
    encoded = hasher.encode(stored, "salt")
    assert [written for written in WRITTEN if not hasher.verify(written, encoded)] == []
    assert not hasher.verify(COMPOSED + "x", encoded)
    assert not hasher.verify("oranges in november", encoded)


@pytest.mark.parametrize(
    "password", ["oranges-in-november", "ﬁ ² Å", "日本語 한국어", "a\u200db", "🏡"]
)
def test_other_differences_stay(password):
    """NFC changes less than NFKC, which would take ² for 2."""
    assert passwords.normal(password) == password


def test_a_hash_of_ascii_is_djangos():
    for ours, theirs in (
        (passwords.Hasher(), PBKDF2PasswordHasher()),
        (passwords.QuickHasher(), MD5PasswordHasher()),
    ):
        assert ours.encode("oranges", "salt") == theirs.encode("oranges", "salt")
        assert ours.algorithm == theirs.algorithm


def test_length_is_counted_in_the_normal_form():
    passwords.LengthValidator().validate(normalize("NFD", "é" * 8))
    with pytest.raises(ValidationError):
        passwords.LengthValidator().validate(normalize("NFD", "é" * 7))


class PasswordTests(AccountCase):
    def make_user(self, encoded):
        return User.objects.create(username="ada", email="ada@example.com", password=encoded)

    def test_a_new_account_signs_in_from_every_keyboard(self):
        self.make_user(make_password(WRITTEN[1]))
        for written in WRITTEN:
            self.sign_in(password=written)
            self.assertTrue(self.is_signed_in(), ascii(written))
            self.client.logout()

    def test_an_old_password_signs_in_as_typed_and_then_from_every_keyboard(self):
        old = MD5PasswordHasher().encode(WRITTEN[1], "a-salt-long-enough-for-128-bits")
        user = self.make_user(old)
        self.assertFalse(check_password(COMPOSED, old))
        for written in (WRITTEN[1], COMPOSED):
            self.sign_in(password=written)
            self.assertTrue(self.is_signed_in(), ascii(written))
            self.client.logout()
        user.refresh_from_db()
        self.assertNotEqual(user.password, old)

    def test_a_hash_of_the_normal_form_stays(self):
        user = self.make_user(make_password(COMPOSED))
        self.sign_in(password=WRITTEN[1])
        self.assertEqual(User.objects.get().password, user.password)

    def test_wherever_a_password_is_asked_for(self):
        self.make_user(make_password(COMPOSED))
        self.sign_in(password=COMPOSED)
        new = {f"password{n}": f"new {form}" for n, form in ((1, COMPOSED), (2, WRITTEN[1]))}
        self.client.post("/accounts/reauthenticate/", {"password": WRITTEN[1]})
        answer = self.client.post("/accounts/password/change/", {"oldpassword": WRITTEN[1], **new})
        self.assertEqual(answer.status_code, 302)
        self.assertTrue(User.objects.get().check_password(f"new {COMPOSED}"))

    def test_sign_up_takes_both_fields_for_the_same(self):
        self.sign_up(password1=COMPOSED, password2=WRITTEN[1])
        self.assertTrue(User.objects.get().check_password(COMPOSED))

    def test_a_reset_takes_both_fields_for_the_same(self):
        self.make_user(make_password("old"))
        self.client.post("/accounts/password/reset/", {"email": "ada@example.com"})
        form = {"password1": WRITTEN[2], "password2": WRITTEN[1]}
        self.client.post(self.client.get(self.link_in_mail()).url, form)
        self.assertTrue(User.objects.get().check_password(COMPOSED))

    def test_a_wrong_password_costs_the_same_whoever_is_named(self):
        self.make_user(make_password(COMPOSED))
        for password in ("wrong-é", normalize("NFD", "wrong-é")):
            counts = set()
            for login in ("ada", "ada@example.com", "eve", "eve@example.com"):
                with pytest.MonkeyPatch.context() as patch:
                    calls = []
                    encode = MD5PasswordHasher.encode
                    patch.setattr(
                        MD5PasswordHasher, "encode", lambda *a: calls.append(1) or encode(*a)
                    )
                    self.sign_in(login, password)
                counts.add(len(calls))
            self.assertEqual(len(counts), 1)
