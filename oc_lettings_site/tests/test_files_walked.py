"""How many of our files a request passes: whoever follows one in the code has to read them all.

Counted are Python files of this repository, but not tests, with a function that is called between
the outermost WSGI middleware and the answer. Templates are not counted, nor is what background
tasks pass later.
"""

import re
import sys
import tempfile
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import TestCase, override_settings
from werkzeug.test import Client

from core.tests.connections import keep_connections
from lettings.tests.factories import make_letting
from lettings.tests.host_case import make_profile, upload
from oc_lettings_site.wsgi_middleware import wrap

ROOT = Path(__file__).resolve().parents[2]
NO_CODE = {".venv", "var", "tests", "conftest.py"}  # bin/test-matrix has its Pythons in var/


def files_of(call):
    """Return the result of a call, and which of our files it passed, in their order."""
    passed = {}

    def note(frame, event, argument):
        if event == "call" and frame.f_code.co_name != "<module>":
            passed[frame.f_code.co_filename] = True

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        result = call()
    finally:
        sys.setprofile(before)
    paths = [Path(name).relative_to(ROOT) for name in passed if name.startswith(f"{ROOT}/")]
    return result, [str(path) for path in paths if not NO_CODE & set(path.parts)]


class FilesWalkedTests(TestCase):
    def setUp(self):
        if connection.vendor != "sqlite":
            self.skipTest("counted on SQLite: PostgreSQL and Redis have files of their own")
        keep_connections(self)
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=folder, PAGE_CACHE_MB=1))
        self.host = make_profile("ada")
        self.letting = make_letting("Cabin", host=self.host)
        self.visitor = Client(wrap(get_wsgi_application()))

    def assertAtMost(self, number, files):
        listed = "\n".join(files)
        self.assertLessEqual(len(files), number, f"a request passes more files:\n{listed}")

    def test_a_search_that_is_not_in_the_page_cache(self):
        make_letting("Barn")
        self.visitor.get("/lettings/?q=barn")  # imports and compiles what the next one needs
        response, files = files_of(lambda: self.visitor.get("/lettings/?q=cabin"))
        self.assertIn("Cabin", response.get_data(as_text=True))
        self.assertIn("lettings/browsing/listing.py", files)
        self.assertAtMost(30, files)
        self.assertAtMost(20, files[files.index("lettings/browsing/views.py") :])

    def test_a_picture_that_is_added_to_a_letting(self):
        path = f"/lettings/{self.letting.pk}/edit/"
        self.client.force_login(self.host.user)
        self.visitor.set_cookie("sessionid", self.client.cookies["sessionid"].value)
        page = self.visitor.get(path).get_data(as_text=True)
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        sent = hidden | {"action": "add", "pictures": upload()}
        response, files = files_of(lambda: self.visitor.post(path, data=sent))
        self.assertEqual(response.status_code, 302)
        self.assertIn("core/files/images/process.py", files)
        self.assertAtMost(30, files)
        self.assertAtMost(20, files[files.index("lettings/hosting/permissions.py") :])
