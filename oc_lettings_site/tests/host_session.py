"""The test case for what a host's session writes, and whether it empties the page cache."""

import json
import tempfile
from contextlib import contextmanager

from django.core.cache import cache as sessions_cache
from django.test import TransactionTestCase, override_settings

from accounts.tests.account_case import PASSWORD
from accounts.tests.test_tokens import make_token
from core.pagecache import generation
from lettings.tests.factories import make_letting
from lettings.tests.host_case import add_photo, make_profile


class HostSessionCase(TransactionTestCase):
    """A host who is signed in, and has a token."""

    def setUp(self):
        sessions_cache.clear()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=folder))
        self.host = make_profile("ada", password=PASSWORD, email="ada@example.org")
        self.other = make_profile("bob")
        self.public = make_letting("Public", host=self.host)
        self.shown = add_photo("Shown", letting=self.public)
        self.private = make_letting("Private", host=self.host, published_at=None)
        self.hidden = add_photo("Hidden", letting=self.private)
        self.client.force_login(self.host.user)
        _row, token = make_token(self.host.user)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.asked = set()

    @contextmanager
    def kept(self, what):
        """No public page shows what the block writes."""
        before = generation()
        yield
        self.assertEqual(generation(), before, f"{what} empties the kept pages for nothing")

    @contextmanager
    def emptied(self, what):
        """A public page shows what the block writes."""
        before = generation()
        yield
        self.assertNotEqual(generation(), before, f"{what} leaves old pages to visitors")

    def send(self, path, action="save", status=302, **fields):
        """Send the form of a letting as its page shows it, but for the fields given."""
        context = self.client.get(path).context
        shown = {field.html_name: field.value() for field in context["form"]}
        data = {name: "" if value is None else value for name, value in shown.items()}
        data |= {"stamp": context["draft"].stamp, "action": action} | fields
        return self.post(path, data, status)

    def post(self, path, data=None, status=302):
        response = self.client.post(path, data)
        self.assertEqual(response.status_code, status)
        return response

    def ask(self, method, path, content=None, status=200, **headers):
        """Ask the API, with JSON or (a picture) a form."""
        headers = self.headers | {name.replace("_", "-"): each for name, each in headers.items()}
        if content and "image" in content:
            response = self.client.post(path, content, headers=headers)
        else:
            body = "" if content is None else json.dumps(content)
            kind = "application/json"
            response = self.client.generic(method, path, body, kind, headers=headers)
        self.assertEqual(response.status_code, status, response.content)
        route = response.resolver_match.route.replace("<int:", "{").replace(">", "}")
        self.asked.add((method, f"/{route}"))
        return response.json() if response.content else None
