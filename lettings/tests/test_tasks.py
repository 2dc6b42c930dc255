"""The background tasks of pictures; pages show the existing files meanwhile."""

import tempfile
from pathlib import Path
from unittest import mock

import time_machine
from django.test import override_settings

from core.files import storage
from lettings import tasks
from lettings.models import Draft, Photo
from lettings.photos import files, pictures
from lettings.templatetags.lettings_display import picture

from .host_case import HostTestCase, upload


class RenditionTests(HostTestCase):
    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(override_settings(MEDIA_ROOT=self.folder))

    def files(self):
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def assertServed(self, path):
        response = self.client.get(path)
        self.assertEqual(response.status_code, 200)
        # Read to its end, the client closes it and leaves the test's connection open.
        self.assertTrue(response.getvalue())

    def add(self, *, execute=False):
        """Add a picture as its host does; run the background tasks if ``execute``."""
        with self.captureOnCommitCallbacks(execute=execute):
            self.send("/lettings/new/", "add", pictures=upload())
        return Draft.objects.latest("pk").photos.get()

    def test_a_page_shows_the_jpeg_first_and_later_all_renditions(self):
        photo = self.add()
        self.assertFalse(photo.is_made)
        self.assertNotIn("<source", picture(photo, "100vw", eager=False))
        self.assertServed(photo.url())
        tasks.make_renditions(photo.pk)
        photo.refresh_from_db()
        self.assertEqual(len(self.files()), 8)
        self.assertIn("-480.avif 480w", picture(photo, "100vw", eager=False))
        self.assertServed(photo.url(480, "avif"))

    def test_the_upload_leaves_the_rest_to_the_background(self):
        self.assertTrue(self.add(execute=True).is_made)

    def test_twice_is_once(self):
        photo = self.add(execute=True)
        with mock.patch.object(pictures, "make") as make:
            tasks.make_renditions(photo.pk)
        make.assert_not_called()

    def test_pictures_left_by_a_crash_are_made(self):
        photo = self.add()
        tasks.make_missing_renditions()
        photo.refresh_from_db()
        self.assertTrue(photo.is_made)

    def test_a_picture_deleted_meanwhile_leaves_no_file(self):
        photo = self.add()
        make = pictures.make

        def and_away(name):
            make(name)
            Photo.objects.filter(pk=photo.pk).delete()

        with mock.patch.object(pictures, "make", and_away):
            tasks.make_renditions(photo.pk)
        self.assertEqual(self.files(), [])

    def test_an_original_on_another_machine(self):
        photo = self.add()
        for file in self.folder.glob("originals/*"):
            file.unlink()
        with self.assertLogs("lettings.tasks", "ERROR") as logged:
            tasks.make_missing_renditions()
        self.assertIn("is S3_BUCKET set?", logged.output[0])
        photo.refresh_from_db()
        self.assertFalse(photo.is_made)

    def test_lost_pictures_do_not_stop_the_others(self):
        """More pictures than one run used to take."""
        photo = self.add()
        given = {"image": "photos/0f-1440.webp", "width": 1440, "height": 960, "is_made": False}
        lost = [Photo(pk=-number, draft=photo.draft, **given) for number in range(1, 32)]
        Photo.objects.bulk_create(lost)
        with self.assertLogs("lettings.tasks", "ERROR") as logged:
            tasks.make_missing_renditions()
        self.assertEqual(len(logged.output), 31)
        photo.refresh_from_db()
        self.assertTrue(photo.is_made)

    def test_a_failure_does_not_stop_the_others_and_is_reported(self):
        first, second = self.add(), self.add()
        Photo.objects.filter(pk=second.pk).update(image="photos/0f-1440.webp")

        def broken(name):
            if name == first.image.name:
                raise OSError("broken data stream")
            self.assertEqual(name, "photos/0f-1440.webp")

        with mock.patch.object(pictures, "make", broken):
            with self.assertRaisesMessage(OSError, "broken data stream"):
                tasks.make_missing_renditions()
        self.assertTrue(Photo.objects.get(pk=second.pk).is_made)

    def test_a_run_ends_in_time_and_the_next_continues(self):
        photo = self.add()
        with mock.patch.object(tasks, "ENOUGH", -1):
            tasks.make_missing_renditions()
        photo.refresh_from_db()
        self.assertFalse(photo.is_made)

    def test_a_full_storage_is_reported_and_the_form_is_kept(self):
        with mock.patch.object(pictures, "keep", side_effect=OSError("no space left")):
            with self.assertLogs("lettings.photos.draft_photos", "ERROR"):
                response = self.send("/lettings/new/", "add", title="Silo", pictures=upload())
        self.assertShowsMessage(response, "a.png can't be stored just now. Try again in a minute.")
        self.assertEqual(Draft.objects.get().data["words"]["title"], "Silo")

    def test_deletion_is_left_to_the_background(self):
        photo = self.add()
        with mock.patch.object(files, "after_commit") as after_commit:
            photo.delete()
        after_commit.assert_called_once_with("lettings.tasks.delete_picture", photo.image.name)
        with mock.patch.object(pictures, "delete") as delete:
            tasks.delete_picture(self.add().image.name)
        delete.assert_not_called()

    def delete_forgotten(self, *, days=2):
        """Run the job so many days after the files were written, by the disk's clock."""
        written = max((path.stat().st_mtime for path in self.files()), default=0)
        with time_machine.travel(written + days * 86_400):
            tasks.delete_forgotten_pictures()

    def test_files_that_no_photo_shows_are_deleted_after_a_day(self):
        photo = self.add(execute=True)
        (self.folder / "originals" / "notes.txt").touch()
        lost = self.add(execute=True)
        lost.draft.delete()  # and what is handed over after it gets lost
        self.delete_forgotten(days=0)
        self.assertEqual(len(self.files()), 17)
        self.delete_forgotten()
        self.assertEqual(len(self.files()), 9)
        self.assertServed(photo.url(480, "avif"))

    def test_the_files_of_another_database_stay(self):
        for _ in range(storage.FEW + 1):
            pictures.keep(pictures.Upload(b"original", b"full", b"first"))
        before = self.files()
        with self.assertRaisesMessage(RuntimeError, "nothing shows 11 of 11 pictures"):
            self.delete_forgotten()
        self.assertEqual(self.files(), before)

    def test_an_empty_storage(self):
        self.delete_forgotten()

    def test_an_original_is_never_served(self):
        photo = self.add()
        stem = photo.image.name.removeprefix("photos/").removesuffix("-1440.webp")
        self.assertTrue((self.folder / "originals" / f"{stem}.webp").exists())
        for path in (f"/media/originals/{stem}.webp", f"/media/photos/../originals/{stem}.webp"):
            self.assertIn(self.client.get(path).status_code, (400, 404))
