"""No picture can be decoded just now: its sender gets 503, and nothing is lost."""

import re
import tempfile
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from accounts.tests.test_tokens import make_token
from core.files.images import process, decoder_lock
from lettings import tasks
from lettings.models import Draft, Photo

from lettings.tests.host_case import HostTestCase, make_profile, upload


def image_and_alt():
    return {"image": upload(), "alt": "A porch"}


class PicturesWaitTests(HostTestCase):
    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=folder))
        self.edit = f"/lettings/{self.letting.pk}/edit/"

    def busy(self):
        return mock.patch.object(
            process, "_run", side_effect=decoder_lock.Busy("others come first")
        )

    def post_to_admin(self):
        path = reverse("admin:lettings_letting_change", args=[self.letting.pk])
        form = self.client.get(path).context["adminform"].form
        data = {name: form[name].value() or "" for name in form.fields}
        data |= {"photos-TOTAL_FORMS": 1, "photos-INITIAL_FORMS": 0}
        data |= {"photos-0-file": upload(), "photos-0-alt": "A porch", "photos-0-position": 3}
        return self.client.post(path, data)

    def assertWaits(self, response):
        self.assertEqual(response.status_code, 503)
        self.assertGreater(int(response["Retry-After"]), 0)
        self.assertIn("Content-Security-Policy", response)

    def test_a_page_with_a_picture(self):
        with self.busy(), self.assertNoLogs("django.request"):
            response = self.send(self.edit, "add", title="Seaview", pictures=upload())
        self.assertWaits(response)
        self.assertContains(response, "reload this page", status_code=503)
        self.assertEqual(Draft.objects.get().data["words"]["title"], "Seaview")

    def test_sent_again_as_a_browser_does_it_is_added(self):
        data = {"stamp": self.stamp(self.edit), "action": "add", "title": "Seaview"}
        with self.busy():
            self.assertWaits(self.client.post(self.edit, data | {"pictures": upload()}))
        response = self.client.post(self.edit, data | {"pictures": upload()})
        self.assertRedirects(response, self.edit + "#pictures")
        self.assertEqual(Draft.objects.get().photos.count(), 1)

    def test_the_second_of_several_is_named_and_the_first_stays(self):
        render, calls = process._run, []

        def second(*args):
            calls.append(1)
            if len(calls) == 2:
                raise decoder_lock.Busy("others come first")
            return render(*args)

        files = [upload(), upload("b.png"), upload("c.png")]
        with mock.patch.object(process, "_run", second):
            response = self.send(self.edit, "add", pictures=files)
        said = [str(each) for each in self.client.get(response["Location"]).context["messages"]]
        self.assertEqual(
            said,
            [
                "b.png: the site is at work on other pictures. Add it again in a minute.",
                "c.png was not looked at: add 2 pictures at a time.",
            ],
        )
        self.assertEqual(Draft.objects.get().photos.count(), 1)

    def test_the_api(self):
        _row, token = make_token(self.host.user, "lettings:write")
        path = f"/api/v1/my/lettings/{self.letting.pk}/photos"
        for key in ({}, {"Idempotency-Key": "k" * 16}):
            headers = {"Authorization": f"Bearer {token}", **key}
            with self.subTest(key), self.busy():
                data = {"image": upload(), "alt": "A porch"}
                response = self.client.post(path, data, headers=headers)
                self.assertWaits(response)
                self.assertEqual(response["Content-Type"], "application/problem+json")
                self.assertIn("Retry-After", response.json()["detail"])
            data = {"image": upload(), "alt": "A porch"}
            self.assertEqual(self.client.post(path, data, headers=headers).status_code, 201)

    def test_a_profile(self):
        with self.busy():
            data = {"file": upload(), "about": "I let a silo, and a barn.", "language": "en"}
            response = self.client.post("/accounts/profile/", data)
        self.assertWaits(response)
        self.assertContains(response, "I let a silo, and a barn.", status_code=503)

    def test_the_admin(self):
        self.host.user.is_staff = self.host.user.is_superuser = True
        self.host.user.save()
        with self.busy():
            self.assertWaits(self.post_to_admin())

    def test_nobody_waits_for_the_database_meanwhile(self):
        """A transaction of SQLite's holds up whoever writes; each door decodes before its own."""
        self.host.user.is_staff = self.host.user.is_superuser = True
        self.host.user.save()
        _row, token = make_token(self.host.user, "lettings:write")
        headers = {"Authorization": f"Bearer {token}"}
        path = f"/api/v1/my/lettings/{self.letting.pk}/photos"
        by_key = headers | {"Idempotency-Key": "k"}
        doors = {
            "page": lambda: self.send(self.edit, "add", pictures=upload()),
            "profile": lambda: self.client.post("/accounts/profile/", {"file": upload()}),
            "admin": self.post_to_admin,
            "api": lambda: self.client.post(path, image_and_alt(), headers=headers),
            "api, by a key": lambda: self.client.post(path, image_and_alt(), headers=by_key),
        }
        for name, send in doors.items():
            Draft.objects.all().delete()
            outside, seen, render = len(connection.savepoint_ids), [], process._run

            def look(*args):
                seen.append(len(connection.savepoint_ids) - outside)
                return render(*args)

            with self.subTest(name), mock.patch.object(process, "_run", look):
                self.assertIn(send().status_code, {200, 201, 302})
                self.assertEqual(seen, [0], "decodings, and the transactions around each")

    def test_a_repeat_by_its_key_decodes_nothing(self):
        _row, token = make_token(self.host.user, "lettings:write")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
        path = f"/api/v1/my/lettings/{self.letting.pk}/photos"
        self.assertEqual(self.client.post(path, image_and_alt(), headers=headers).status_code, 201)
        with mock.patch.object(process, "_run", side_effect=AssertionError("decoded again")):
            response = self.client.post(path, image_and_alt(), headers=headers)
        self.assertEqual(response["Idempotency-Replayed"], "true")

    def test_by_a_key_nothing_is_decoded_for_who_may_not_add_it(self):
        _row, token = make_token(self.host.user, "profile:read")
        _row, theirs = make_token(make_profile("mallory").user, "lettings:write")
        path = f"/api/v1/my/lettings/{self.letting.pk}/photos"
        with mock.patch.object(process, "_run", side_effect=AssertionError("decoded")):
            for sent, status in ((token, 403), (theirs, 404)):
                headers = {"Authorization": f"Bearer {sent}", "Idempotency-Key": "k"}
                response = self.client.post(path, image_and_alt(), headers=headers)
                self.assertEqual(response.status_code, status)
                self.assertEqual(response["Content-Type"], "application/problem+json")

    def test_sizes_in_the_background_are_left_to_the_sweep(self):
        self.send(self.edit, "add", pictures=upload())
        photo = Photo.objects.latest("pk")
        with self.busy():
            tasks.make_renditions(photo.pk)
        photo.refresh_from_db()
        self.assertFalse(photo.is_made)
        tasks.make_missing_renditions()
        photo.refresh_from_db()
        self.assertTrue(photo.is_made)

    def test_a_picture_that_kills_its_decoder_is_refused_in_words(self):
        ended = mock.patch.object(process, "_run", return_value=(b"", b"", -9))
        with ended, self.assertLogs("core.files.images.process", "WARNING") as logged:
            response = self.send(self.edit, "add", pictures=upload())
        self.assertEqual(len(logged.output), 1)
        words = "a.png: This picture takes more time or memory to read than the site has for one."
        self.assertShowsMessage(
            response, f"{words} Export it smaller, as an ordinary JPEG, and send that."
        )


class EveryDoorTests(HostTestCase):
    """Nothing else opens pictures: a bomb at each door meets the same process."""

    def test_nobody_but_its_process_imports_a_decoder(self):
        found = set()
        for app in (
            "oc_lettings_site",
            "lettings",
            "profiles",
            "accounts",
            "enquiries",
            "background",
            "core",
        ):
            for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
                if re.search(r"^\s*(from|import) PIL\b", path.read_text(), re.MULTILINE):
                    found.add(path.relative_to(settings.BASE_DIR).as_posix())
        found = {path for path in found if "/tests/" not in path}
        images = "core/files/images/"
        # draw.py renders our own drawings, on a developer's machine.
        self.assertEqual(
            found,
            {
                f"{images}child.py",
                f"{images}colours.py",
                f"{images}completeness.py",
                f"{images}cropping.py",
                f"{images}encoding.py",
                "lettings/sample/draw.py",
            },
        )
