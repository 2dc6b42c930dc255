"""The test case for sign-up, sign-in and sign-out."""

import re

from django.core import mail
from django.test import TestCase

PASSWORD = "oranges-in-november"


class AccountCase(TestCase):
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
