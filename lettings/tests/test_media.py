"""GET /media/photos/<hash>-<width>.<format>"""

import tempfile
from pathlib import Path
from unittest import mock

from django.core.files.storage import default_storage
from django.test import TestCase, override_settings

NAME = "photos/" + "0" * 32 + "-480.webp"


class MediaTests(TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(override_settings(MEDIA_ROOT=folder))
        (folder / "photos").mkdir()
        (folder / NAME).write_bytes(b"a picture")
        (folder / "secret.txt").write_text("a secret")
        (folder / "photos" / "page.html").write_text("<script>")

    def test_it_works(self):
        response = self.client.get(f"/media/{NAME}")
        self.assertEqual(b"".join(response.streaming_content), b"a picture")
        self.assertEqual(response["Content-Type"], "image/webp")
        self.assertEqual(response["Content-Length"], "9")
        self.assertEqual(response["Cache-Control"], "public, max-age=31536000, immutable")
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")
        self.assertNotIn("Vary", response)
        self.assertFalse(response.cookies)

    def test_only_the_head(self):
        response = self.client.head(f"/media/{NAME}")
        response.close()
        self.assertEqual((response.status_code, response["Content-Length"]), (200, "9"))

    def test_a_picture_that_is_not_there(self):
        response = self.client.get(f"/media/{NAME.replace('480', '960')}")
        self.assertEqual(response.status_code, 404)

    def test_a_storage_that_is_away(self):
        with mock.patch.object(default_storage, "open", side_effect=OSError("the bucket: away")):
            with self.assertLogs("core.files.serving", "WARNING") as logged:
                with self.assertNoLogs("django.request"):
                    response = self.client.get(f"/media/{NAME}")
        self.assertEqual((response.status_code, response["Cache-Control"]), (503, "no-store"))
        self.assertEqual(response["Retry-After"], "10")
        self.assertIn(f"{NAME} can't be read: the bucket: away", logged.output[0])

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post(f"/media/{NAME}").status_code, 405)

    def test_nothing_else_can_be_read(self):
        for path in (
            "secret.txt",
            "photos/page.html",
            "photos/../secret.txt",
            "photos/%2e%2e/secret.txt",
            "photos/..%2fsecret.txt",
            "../manage.py",
            "/etc/passwd",
            NAME + "/../../secret.txt",
            NAME + "%00.txt",
            NAME + "%0a",
            NAME.upper(),
        ):
            with self.subTest(path):
                self.assertIn(self.client.get(f"/media/{path}").status_code, (400, 404))
