"""Add pictures to a draft: several at once, each refused one with its own message."""

import tempfile
from pathlib import Path
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from lettings.models import Draft, Letting, Photo
from lettings.photos import draft_photos, pictures

from .host_case import WORDS, HostTestCase, upload


class AddPicturesTests(HostTestCase):
    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=folder))
        self.folder = Path(folder)
        self.path = f"/lettings/{self.letting.pk}/edit/"

    def alternative_texts(self):
        return list(self.letting.photos.values_list("alt", flat=True))

    def test_several_pictures_are_added_with_the_form_saved(self):
        response = self.send(
            self.path, "add", title="Seaview", pictures=[upload(), upload(color="blue")]
        )
        self.assertRedirects(response, self.path + "#pictures")
        draft = Draft.objects.get()
        self.assertEqual(draft.photos.count(), 2)
        self.assertEqual(draft.data["words"]["title"], "Seaview")
        self.assertEqual(self.alternative_texts(), ["Picture 0", "Picture 1"])
        words = {f"alt-{photo.pk}": f"New {photo.pk}" for photo in draft.photos.all()}
        self.send(self.path, "publish", **words)
        self.assertEqual(self.alternative_texts(), ["Picture 0", "Picture 1", *words.values()])

    def test_a_new_letting_in_one_step(self):
        self.send("/lettings/new/", "add", **WORDS, pictures=upload())
        draft = Draft.objects.get()
        self.assertEqual(draft.data["words"]["title"], "Silo Studio")
        self.assertEqual(draft.photos.count(), 1)

    def test_invalid_files_are_named_and_the_others_are_added(self):
        text = SimpleUploadedFile("notes.png", b"Dear diary", "image/png")
        small = upload("small.png", size=(800, 600))
        response = self.send(self.path, "add", pictures=[text, upload(), small])
        page = self.client.get(response["Location"])
        said = " ".join(str(message) for message in page.context["messages"])
        self.assertIn("notes.png: This file can't be read as a picture", said)
        self.assertIn("small.png: This picture is 800 × 600 pixels", said)
        self.assertEqual(Draft.objects.get().photos.count(), 1)

    def test_no_file_chosen(self):
        response = self.send(self.path, "add")
        self.assertShowsMessage(response, "Choose one or more pictures first, then add them.")

    def test_number_of_pictures_is_limited(self):
        with mock.patch.object(draft_photos, "MOST_PICTURES", 3):
            response = self.send(
                self.path, "add", pictures=[upload("a.png"), upload("b.png", "blue")]
            )
        self.assertShowsMessage(response, "b.png: a letting has room for 3 pictures.")
        self.assertEqual(Draft.objects.get().photos.count(), 1)

    def test_refused_files_count_towards_the_limit(self):
        """Each file may take a second, and Django accepts a hundred files in a form."""
        files = [upload(f"{n}.png", size=(8, 8)) for n in range(3)]
        with mock.patch.object(draft_photos, "MOST_PICTURES", 2):
            response = self.send("/lettings/new/", "add", pictures=[*files, upload()])
        self.assertShowsMessage(response, "2.png was not looked at: add 2 pictures at a time.")
        self.assertFalse(Draft.objects.get().photos.exists())

    def test_a_draft_discarded_during_an_upload_leaves_no_files(self):
        keep = pictures.keep

        def and_discard(master):
            Draft.objects.all().delete()
            return keep(master)

        for headers, status in (({}, 302), ({"Accept": "application/json"}, 404)):
            data = {"stamp": "first", "action": "add", "pictures": upload()}
            path = self.make_draft().get_absolute_url()
            with self.subTest(status), mock.patch.object(pictures, "keep", and_discard):
                response = self.client.post(path, data, headers=headers)
                self.assertEqual(response.status_code, status)
                self.assertEqual([each for each in self.folder.rglob("*") if each.is_file()], [])

    def test_discarding_a_draft_deletes_its_unpublished_files(self):
        self.send(self.path, "add", pictures=upload())
        photo = Draft.objects.get().photos.get()
        self.send(self.path, f"remove-{photo.pk}")
        with self.captureOnCommitCallbacks(execute=True):
            self.send(self.path, "publish")
        self.assertFalse(Photo.objects.filter(pk=photo.pk).exists())
        self.assertEqual([path for path in self.folder.rglob("*") if path.is_file()], [])

    def test_deleting_a_letting_deletes_its_files(self):
        self.send(self.path, "add", pictures=upload())
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(f"/lettings/{self.letting.pk}/delete/")
        self.assertFalse(Letting.objects.exists() or Draft.objects.exists())
        self.assertEqual([path for path in self.folder.rglob("*") if path.is_file()], [])

    def test_the_script_adds_one_at_a_time(self):
        data = {"stamp": self.stamp(self.path), "action": "add", "pictures": upload()}
        response = self.client.post(self.path, data, headers={"Accept": "application/json"})
        self.assertEqual(response.json()["stamp"], Draft.objects.get().stamp)

    def test_a_repeated_save_after_a_lost_answer(self):
        data = {"stamp": self.stamp(self.path), "action": "add", "title": "Seaview"}
        for _ in range(2):
            response = self.client.post(
                self.path, data | {"pictures": upload()}, headers={"Accept": "application/json"}
            )
            self.assertEqual(response.status_code, 200)

    def test_the_script_knows_the_size_limit(self):
        response = self.client.get(self.path)
        self.assertContains(response, f'data-most-bytes="{15 * 1024 * 1024}"')
        self.assertContains(response, "{name} is larger than 15 MB.")

    def test_a_conflict_adds_nothing(self):
        data = {"stamp": "old", "action": "add", "pictures": upload()}
        self.assertEqual(self.client.post(self.path, data).status_code, 409)
        self.assertFalse(Photo.objects.filter(letting=None).exists())
