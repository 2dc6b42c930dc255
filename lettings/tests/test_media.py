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

    def tag(self):
        response = self.client.head(f"/media/{NAME}")
        response.close()
        return response["ETag"]

    def test_it_works(self):
        response = self.client.get(f"/media/{NAME}")
        self.assertEqual(b"".join(response.streaming_content), b"a picture")
        self.assertEqual(response["Content-Type"], "image/webp")
        self.assertEqual(response["Content-Length"], "9")
        self.assertEqual(response["Cache-Control"], "public, max-age=31536000, immutable")
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")
        self.assertNotIn("Vary", response)
        self.assertFalse(response.cookies)

    def test_no_part_of_a_picture_is_promised_or_sent(self):
        """RFC 9110, 14.2: Range may be ignored; with If-Range, or out of the file, too."""
        tag = self.tag()
        for wanted in ("bytes=0-3", "bytes=-1", "bytes=99-", "bytes=0-1,3-4", "bytes=x", "x=1-2"):
            for if_range in ({}, {"If-Range": tag}, {"If-Range": '"other"'}):
                with self.subTest(wanted, if_range=if_range):
                    response = self.client.get(
                        f"/media/{NAME}", headers={"Range": wanted, **if_range}
                    )
                    self.assertEqual(b"".join(response.streaming_content), b"a picture")
                    self.assertEqual(response.status_code, 200)
                    self.assertEqual(response["Accept-Ranges"], "none")
                    self.assertNotIn("Content-Range", response)

    def test_conditions(self):
        """RFC 9110, 13.2.2; a date is no condition where no Last-Modified was sent."""
        old, tag = "Sat, 01 Jan 2000 00:00:00 GMT", self.tag()
        for status, headers in (
            (304, {"If-None-Match": tag}),
            (304, {"If-None-Match": f"W/{tag}"}),
            (304, {"If-None-Match": f'"x", {tag}'}),
            (304, {"If-None-Match": "*"}),
            (304, {"If-None-Match": tag, "If-Modified-Since": old}),
            (304, {"If-None-Match": tag, "Range": "bytes=0-1"}),
            (200, {"If-None-Match": '"x"'}),
            (200, {"If-None-Match": tag.strip('"')}),
            (200, {"If-Modified-Since": old}),
            (200, {"If-Modified-Since": "yesterday"}),
            (200, {"If-Match": tag}),
            (200, {"If-Match": "*"}),
            (412, {"If-Match": '"x"'}),
            (412, {"If-Match": f"W/{tag}"}),
        ):
            for method in ("GET", "HEAD"):
                with self.subTest(method, headers=headers):
                    response = self.client.generic(method, f"/media/{NAME}", headers=headers)
                    response.close()
                    self.assertEqual(response.status_code, status)
                    if status == 304:
                        self.assertEqual(response["ETag"], tag)
                        self.assertIn("immutable", response["Cache-Control"])
        gone = NAME.replace("480", "960")
        response = self.client.get(f"/media/{gone}", headers={"If-None-Match": "*"})
        self.assertEqual(response.status_code, 404)

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
