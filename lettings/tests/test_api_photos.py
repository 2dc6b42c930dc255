"""/api/v1/my/lettings/<id>/photos"""

import json
import tempfile
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings

from accounts.tests.test_tokens import make_token
from lettings.models import Draft

from .factories import make_letting
from .host_case import add_photo, make_profile, upload


class PhotoTests(TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=self.folder))
        ada = make_profile("ada")
        self.letting = make_letting("Haus", host=ada)
        self.theirs = make_letting("Theirs", host=make_profile("bob"))
        _row, token = make_token(ada.user, "lettings:write")
        self.headers = {"Authorization": f"Bearer {token}"}
        self.path = f"/api/v1/my/lettings/{self.letting.pk}/photos"

    def add(self, path=None, headers=None, **data):
        return self.client.post(path or self.path, data, headers=headers or self.headers)

    def change(self, photo_id, method="PATCH", path=None, **data):
        return self.client.generic(
            method,
            f"{path or self.path}/{photo_id}",
            json.dumps(data) if method == "PATCH" else "",
            content_type="application/json",
            headers=self.headers,
        )

    def shown(self):
        return list(self.letting.photos.values_list("alt", flat=True))

    def test_add_edit_and_delete(self):
        first = add_photo("The door", letting=self.letting)
        response = self.add(image=upload(), alt="The porch at dusk")
        self.assertEqual(response.status_code, 201, response.content)
        added = response.json()["photos"][1]
        self.assertEqual(added["alt"], "The porch at dusk")
        self.assertEqual(self.shown(), ["The door", "The porch at dusk"])
        self.assertFalse(Draft.objects.exists())
        response = self.change(added["id"], position=0, alt="The porch at noon")
        self.assertEqual(response.status_code, 200, response.content)
        self.assertEqual(self.shown(), ["The porch at noon", "The door"])
        self.assertEqual(self.change(first.pk, "DELETE").status_code, 204)
        self.assertEqual(self.shown(), ["The porch at noon"])

    def test_an_invalid_picture_gets_the_pages_error(self):
        text = SimpleUploadedFile("notes.png", b"Dear diary", "image/png")
        response = self.add(image=text, alt="A diary")
        self.assertEqual(response.status_code, 422)
        [error] = response.json()["errors"]
        self.assertEqual((error["in"], error["name"]), ("file", "image"))
        self.assertIn("can't be read as a picture", error["detail"])
        self.assertFalse(Draft.objects.exists())
        self.assertEqual(self.shown(), [])

    def test_a_refused_picture_leaves_no_file(self):
        add_photo("", letting=self.letting)  # as the admin of old left it
        self.assertEqual(self.add(image=upload(), alt="The porch").status_code, 422)
        self.letting.photos.all().delete()
        [error] = self.add(image=upload(), alt="\x1c").json()["errors"]  # blank to the form
        self.assertEqual((error["name"], error["detail"][:3]), ("alt", "Say"))
        self.assertEqual([path for path in Path(self.folder).rglob("*") if path.is_file()], [])

    def test_picture_and_words_are_both_needed(self):
        errors = self.add(alt="x").json()["errors"]
        self.assertEqual(
            [(each["name"], each["detail"]) for each in errors],
            [("image", "This field is required.")],
        )
        self.assertEqual(self.add(image=upload()).status_code, 422)
        self.assertEqual(self.add(image=upload(), alt=" ").status_code, 422)

    def test_another_type_of_body(self):
        response = self.client.post(
            self.path, {"alt": "x"}, content_type="application/json", headers=self.headers
        )
        self.assertEqual(response.status_code, 415)
        self.assertEqual(response["Accept-Post"], "multipart/form-data")

    def test_a_stranger(self):
        path = f"/api/v1/my/lettings/{self.theirs.pk}/photos"
        photo = add_photo("A door", letting=self.theirs)
        self.assertEqual(self.add(path, image=upload(), alt="x").status_code, 404)
        self.assertEqual(self.change(photo.pk, path=path, alt="x").status_code, 404)
        self.assertEqual(self.change(photo.pk, "DELETE", path).status_code, 404)
        self.assertEqual(self.change(photo.pk, "DELETE").status_code, 404)
        self.assertEqual(self.theirs.photos.count(), 1)

    def test_a_repeat_with_one_key_adds_one_picture(self):
        headers = self.headers | {"Idempotency-Key": "one"}
        for _ in range(2):
            self.assertEqual(self.add(headers=headers, image=upload(), alt="x").status_code, 201)
        self.assertEqual(self.shown(), ["x"])
        response = self.add(headers=headers, image=upload(color="blue"), alt="x")
        self.assertEqual(response.status_code, 422)
