"""/accounts/2fa/webauthn/...: an answer that no key writes is refused, and breaks nothing."""

import json
from base64 import urlsafe_b64encode

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.cache import cache

from accounts.tests.account_case import PASSWORD, AccountCase


def encoded(content):
    return urlsafe_b64encode(content).decode().rstrip("=")


def answer(**response):
    return json.dumps(
        {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": response},
    )


CLIENT = encoded(b'{"type": "webauthn.create", "challenge": "YQ", "origin": "https://a"}')
CUT_OFF = [
    encoded(b"\xa3" + bytes([byte]) * size) for byte in range(0, 256, 15) for size in (0, 9)
]
ANSWERS = [
    *(
        "{}",
        "[]",
        "1",
        "0",
        "false",
        "null",
        '"a"',
        '{"id": 1}',
        '{"id": "a"}',
        '{"id": "YQ", "rawId": "Yg"}',
    ),
    *("[" * 100_000, "9" * 10_000, '{"id": "\\u0000", "rawId": "\\ud800"}', "{", "\\"),
    *('{"id": "YQ", "rawId": "YQ"}', answer(), answer(clientDataJSON=1)),
    answer(clientDataJSON="e30", attestationObject="", authenticatorData="", signature=""),
    *(
        answer(clientDataJSON=CLIENT, attestationObject=each, authenticatorData=each, signature="")
        for each in CUT_OFF
    ),
    answer(
        clientDataJSON=CLIENT, authenticatorData=encoded(bytes(37)), signature="", userHandle="_"
    ),
]


class SecurityKeyTests(AccountCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ada", "ada@example.com", PASSWORD)
        EmailAddress.objects.create(
            user=cls.user, email="ada@example.com", verified=True, primary=True
        )

    def send(self, path, statuses=(200,)):
        for sent in ANSWERS:
            cache.clear()
            self.client.get(path)
            with self.subTest(sent[:80]):
                response = self.client.post(path, {"name": "a", "credential": sent})
                self.assertIn(response.status_code, statuses)

    def test_a_stranger(self):
        self.send("/accounts/2fa/webauthn/login/", (302,))
        self.assertFalse(self.is_signed_in())

    def test_a_new_key(self):
        self.sign_in_and_show_it()
        self.send("/accounts/2fa/webauthn/add/")
        self.assertFalse(self.user.authenticator_set.exists())

    def test_once_more(self):
        self.sign_in()
        self.send("/accounts/2fa/webauthn/reauthenticate/", (200, 302))
