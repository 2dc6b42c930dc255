"""Pictures in a bucket: the same pages against a server that speaks S3.

That is moto's, on a port of its own; or the one of TEST_S3_URL=http://key:secret@host:port, as in
CI, where it is OpenStack Swift.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from secrets import token_hex
from unittest import mock
from urllib.parse import unquote, urlsplit

import boto3
import time_machine
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import override_settings

from core.env import Env
from core.files import s3, storage
from lettings import tasks
from lettings.models import Draft, Photo
from lettings.photos import pictures

from .host_case import HostTestCase, upload

BUCKET = f"oc-lettings-{token_hex(4)}"  # a server that was there before may know others
SERVER = urlsplit(os.environ.get("TEST_S3_URL", ""))
KEYS = {
    "S3_ACCESS_KEY_ID": unquote(SERVER.username or "someone"),
    "S3_SECRET_ACCESS_KEY": unquote(SERVER.password or "a secret"),
}
START_SECONDS = 60


class BucketTestCase(HostTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if SERVER.hostname:
            cls.address = f"http://{SERVER.hostname}:{SERVER.port}"
        else:
            cls.start_moto()
        environment = {"S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": cls.address, **KEYS}
        default = storage.configure(Env(environment))
        cls.enterClassContext(override_settings(STORAGES=settings.STORAGES | {"default": default}))
        cls.bucket = boto3.resource(
            "s3",
            endpoint_url=cls.address,
            region_name="us-east-1",
            aws_access_key_id=KEYS["S3_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["S3_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}),
        ).create_bucket(Bucket=BUCKET)
        cls.addClassCleanup(cls.bucket.delete)
        cls.addClassCleanup(cls.empty)

    @classmethod
    def start_moto(cls):
        """Serve an empty S3: https://docs.getmoto.org/en/latest/docs/server_mode.html"""
        with socket.create_server(("127.0.0.1", 0)) as free:
            cls.address = f"http://127.0.0.1:{free.getsockname()[1]}"
        command = [sys.executable, "-m", "moto.server", "-p", cls.address.rpartition(":")[2]]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # What the tests do to warnings and coverage is not the server's.
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/tmp")}
        server = subprocess.Popen(command, env=environment, **quiet)
        cls.addClassCleanup(server.wait, 30)
        cls.addClassCleanup(server.terminate)
        cls.wait_for(server)

    @classmethod
    def wait_for(cls, server):
        for _ in range(START_SECONDS * 10):
            try:
                urllib.request.urlopen(cls.address, timeout=5).close()
                return
            except urllib.error.HTTPError as error:
                error.close()
                return
            except OSError:
                assert server.poll() is None, "moto's server did not start"
                time.sleep(0.1)
        raise AssertionError("moto's server does not answer")

    @classmethod
    def empty(cls):
        for each in cls.bucket.objects.all():
            each.delete()

    def setUp(self):
        super().setUp()
        self.empty()

    def names(self):
        return {each.key for each in self.bucket.objects.all()}

    def add(self):
        self.send("/lettings/new/", "add", pictures=upload())
        return Draft.objects.get().photos.get()


class BucketTests(BucketTestCase):
    def test_a_picture_from_upload_to_deletion(self):
        photo = self.add()
        self.assertEqual(len(self.names()), 3)
        tasks.make_renditions(photo.pk)
        self.assertEqual(len(self.names()), 8)
        photo.refresh_from_db()
        response = self.client.get(photo.url(480, "avif"))
        content = b"".join(response.streaming_content)
        self.assertEqual(response["Content-Type"], "image/avif")
        self.assertEqual(response["Content-Length"], str(len(content)))
        with self.captureOnCommitCallbacks(execute=True):
            photo.delete()
        self.assertEqual(self.names(), set())

    def test_files_that_no_photo_shows_are_deleted(self):
        photo = self.add()
        Draft.objects.all().delete()  # and what is handed over after it gets lost
        self.assertEqual(pictures.kept(), [photo.image.name])
        with time_machine.travel(pictures.kept_at(photo.image.name)):  # by the bucket's own clock
            tasks.delete_forgotten_pictures()
            self.assertEqual(len(self.names()), 3)
            with mock.patch.object(tasks, "UNUSED_PICTURE", timedelta(seconds=-60)):
                tasks.delete_forgotten_pictures()
            self.assertEqual(self.names(), set())

    def test_renditions_are_cached_for_ever_and_originals_never(self):
        tasks.make_renditions(self.add().pk)
        kinds = {".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg"}
        for name in self.names():
            stored = self.bucket.Object(name)
            public = name.startswith("photos/")
            keep = "public, max-age=31536000, immutable" if public else "private, no-store"
            self.assertEqual(stored.cache_control, keep)
            self.assertEqual(stored.content_type, kinds[name[name.rindex(".") :]])

    def test_nothing_in_the_bucket_is_public(self):
        tasks.make_renditions(self.add().pk)
        for name in self.names():
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{self.address}/{BUCKET}/{name}")
            # Swift calls what nobody signed a bad request.
            self.assertIn(refused.exception.code, (400, 403))
            refused.exception.close()

    @override_settings(MEDIA_URL="https://cdn.example.org/")
    def test_browsers_may_be_sent_to_a_cdn(self):
        photo = Photo(image="photos/0f-1440.webp", width=1440, height=960)
        self.assertEqual(photo.url(), "https://cdn.example.org/photos/0f-960.jpg")

    def test_a_picture_that_is_not_there(self):
        path = f"/media/photos/{'0' * 32}-480.webp"
        self.assertEqual(self.client.get(path).status_code, 404)
        with self.assertRaises(FileNotFoundError):
            pictures.make(path.removeprefix("/media/"))

    def a_server_that_is_away(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        away = {"S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": f"http://127.0.0.1:{port}", **KEYS}
        default = storage.configure(Env(away))
        return override_settings(STORAGES=settings.STORAGES | {"default": default})

    def test_an_unreachable_server_is_reported_and_keeps_the_form(self):
        with self.a_server_that_is_away():
            for use in (default_storage.exists, default_storage.delete, default_storage.open):
                with self.subTest(use.__name__), self.assertRaisesMessage(OSError, "the bucket:"):
                    use("photos/0f-480.webp")
            with self.assertLogs("lettings.photos.draft_photos", "ERROR"):
                response = self.send("/lettings/new/", "add", title="Silo", pictures=upload())
        self.assertShowsMessage(response, "a.png can't be stored just now. Try again in a minute.")
        self.assertEqual(Draft.objects.get().data["words"]["title"], "Silo")

    def test_a_server_that_fails_while_it_is_read(self):
        name = self.add().image.name
        away = mock.PropertyMock(side_effect=EndpointConnectionError(endpoint_url=self.address))
        with mock.patch.object(s3.S3File, "file", away):
            with self.assertLogs("core.files.serving", "WARNING"):
                self.assertEqual(self.client.get(f"/media/{name}").status_code, 503)
        default_storage.breaker.close()

    def test_a_silent_server_opens_the_circuit_breaker(self):
        with self.a_server_that_is_away():
            for words in ("Could not connect", "it did not answer", "it did not answer"):
                with self.assertRaisesMessage(OSError, f"the bucket: {words}"):
                    default_storage.open("photos/0f-480.webp")
            later = time.monotonic() + default_storage.breaker.pause + 1
            with mock.patch("core.circuit_breaker.monotonic", lambda: later):
                for words in ("Could not connect", "it did not answer"):
                    with self.assertRaisesMessage(OSError, f"the bucket: {words}"):
                        default_storage.open("photos/0f-480.webp")

    def test_a_server_that_is_back_closes_the_circuit_breaker(self):
        self.add()
        breaker = default_storage.breaker
        later = time.monotonic() + breaker.pause + 1
        for use in ("exists", "open"):
            breaker.trip()
            with mock.patch("core.circuit_breaker.monotonic", lambda: later):
                if use == "exists":
                    self.assertFalse(default_storage.exists("photos/0f-480.webp"))
                else:
                    with self.assertRaises(FileNotFoundError):
                        default_storage.open("photos/0f-480.webp")
                self.assertFalse(breaker.is_open() or breaker.is_open(), "no longer half open")

    def test_nobody_waits_for_it_longer_than_a_router_waits_for_us(self):
        tries = s3.CLIENT.retries["total_max_attempts"]
        slowest = max(s3.CLIENT.connect_timeout, s3.CLIENT.read_timeout)
        self.assertLess(tries * (slowest + 2), 25)  # with a pause before each
