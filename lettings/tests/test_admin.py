"""/admin/lettings/..."""

import re
import tempfile
from datetime import timedelta
from pathlib import Path

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lettings.models import Address, Draft, Letting, Photo
from lettings.photos import pictures

from .host_case import upload

SIGN_IN = "/admin/login/?next={}"
LIST = "/admin/lettings/letting/"
ADD = "/admin/lettings/letting/add/"


def form(**changes):
    """Return what the form of a letting sends."""
    return {
        "title": "Oceanview Retreat",
        "description": "White walls",
        "host": "",
        "published_at_0": "",
        "published_at_1": "",
        "number": "4",
        "street": "Military Street",
        "city": "Willoughby",
        "state": "OH",
        "zip_code": "04094",
        "country_iso_code": "USA",
        "price": "260",
        "currency": "USD",
        "bedrooms": "3",
        "sleeps": "6",
        "photos-TOTAL_FORMS": "0",
        "photos-INITIAL_FORMS": "0",
    } | changes


class AdminTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = User.objects.create_superuser("staff")
        cls.host = User.objects.create_user("AirWow").profile
        cls.lettings = [cls.make(n) for n in range(1, 4)]

    @classmethod
    def make(cls, number, **fields):
        address = Address.objects.create(
            number=number, street="Main Street", city="Salem", state="OR", zip_code="97301"
        )
        letting = Letting.objects.create(
            **{"title": f"House {number}", "address": address, "host": cls.host, "price": 99}
            | fields
        )
        for position in range(2):
            Photo.objects.create(
                letting=letting,
                image="sample/hygge-exterior-1440.webp",
                alt="A door in a hill",
                position=position,
                width=1440,
                height=960,
            )
        return letting

    def setUp(self):
        self.client.force_login(self.staff)

    def queries(self, path):
        self.client.get(path)  # content types are asked for once in a process
        with CaptureQueriesContext(
            connection,
        ) as queries:
            self.assertEqual(self.client.get(path).status_code, 200)
        return len(queries)


class PageTests(AdminTestCase):
    def test_pages_work_for_staff_alone(self):
        pk, address = self.lettings[0].pk, self.lettings[0].address_id
        paths = (LIST, ADD, f"{LIST}{pk}/change/", f"{LIST}{pk}/delete/", f"{LIST}{pk}/history/")
        paths += ("/admin/", "/admin/lettings/address/")
        paths += (f"/admin/lettings/address/{address}/change/",)
        for path in paths:
            self.assertContains(self.client.get(path), "Orange County Lettings")
        self.client.logout()
        for path in paths:
            response = self.client.get(path)
            self.assertRedirects(response, SIGN_IN.format(path), 302, 302)

    def test_no_query_per_row(self):
        for path in (LIST, "/admin/lettings/address/"):
            few = self.queries(path)
            for number in range(10, 37):
                self.make(number)
            self.assertEqual(self.queries(path), few, path)

    def test_no_query_per_photo(self):
        letting = self.lettings[0]
        path = f"{LIST}{letting.pk}/change/"
        few = self.queries(path)
        for photo in list(letting.photos.all()) * 5:
            photo.pk = None
            photo.save()
        self.assertEqual(self.queries(path), few)

    def test_nothing_that_the_content_security_policy_forbids(self):
        for path in (LIST, ADD, f"{LIST}{self.lettings[0].pk}/change/"):
            html = self.client.get(path).content.decode()
            self.assertNotRegex(html, r"<[^>]+ style=")
            self.assertNotRegex(html, r"<[^>]+ on[a-z]+=")
            for attributes, script in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.S):
                self.assertTrue("src=" in attributes or "json" in attributes, script)

    def test_search(self):
        self.make(9, title="Silo")
        for words in ("silo", "9 silo", "Salem AirWow"):
            response = self.client.get(LIST, {"q": words.removeprefix("9 ")})
            self.assertContains(response, "Silo")

    def test_filters(self):
        bare = self.make(
            9, title="Bare", price=None, host=None, sleeps=9, published_at=timezone.now()
        )
        bare.photos.all().delete()
        Address.objects.filter(pk=bare.address_id).update(state="ME")
        self.make(10, title="Later", published_at=timezone.now() + timedelta(days=1))
        for name, value, expected in (
            ("status", "published", {"Bare"}),
            ("status", "later", {"Later"}),
            ("status", "draft", {"House 1", "House 2", "House 3"}),
            ("price", "none", {"Bare"}),
            ("price", "-100", {"House 1", "House 2", "House 3", "Later"}),
            ("sleeps", "9-", {"Bare"}),
            ("pictures", "no", {"Bare"}),
            ("pictures", "yes", {"House 1", "House 2", "House 3", "Later"}),
            ("hosted", "no", {"Bare"}),
            ("state", "ME", {"Bare"}),
            ("host__id__exact", self.host.pk, {"House 1", "House 2", "House 3", "Later"}),
        ):
            with self.subTest(f"{name}={value}"):
                response = self.client.get(LIST, {name: value})
                found = {letting.title for letting in response.context["cl"].result_list}
                self.assertEqual(found, expected)

    def test_staff_with_view_permission_see_the_address(self):
        reader = User.objects.create_user("reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_letting"))
        self.client.force_login(reader)
        response = self.client.get(f"{LIST}{self.lettings[0].pk}/change/")
        self.assertContains(response, "1, Main Street, Salem, OR, 97301, USA")
        self.assertNotContains(response, 'name="street"')
        self.assertEqual(self.client.post(f"{LIST}{self.lettings[0].pk}/change/").status_code, 403)


class FormTests(AdminTestCase):
    def test_a_letting_is_added_with_its_address(self):
        self.assertRedirects(self.client.post(ADD, form(host=self.host.pk)), LIST)
        letting = Letting.objects.get(title="Oceanview Retreat")
        self.assertEqual(str(letting.address), "4 Military Street")
        self.assertEqual(letting.address.zip_code, "04094")
        self.assertIsNone(letting.published_at)

    def test_the_address_is_changed_in_place(self):
        letting = self.lettings[0]
        path = f"{LIST}{letting.pk}/change/"
        self.assertContains(self.client.get(path), 'value="Main Street"')
        self.assertRedirects(self.client.post(path, form(**self.photo_rows(letting))), LIST)
        letting = Letting.objects.get(pk=letting.pk)
        self.assertEqual(
            (letting.address_id, letting.address.city), (self.lettings[0].address_id, "Willoughby")
        )
        self.assertEqual([photo.alt for photo in letting.photos.all()], ["Second", "First"])
        self.assertIn("Street", LogEntry.objects.get().get_change_message())

    def test_a_draft_moves_with_its_letting_to_the_new_host(self):
        """Otherwise the former host's export would show it, and their deletion delete it."""
        letting, other = self.lettings[0], User.objects.create_user("DasLama").profile
        draft = Draft.objects.create(host=self.host, letting=letting, stamp="first")
        for host, left_to in ((other, other), (None, other)):
            sent = form(host=host.pk if host else "", **self.photo_rows(letting))
            self.client.post(f"{LIST}{letting.pk}/change/", sent)
            draft.refresh_from_db()
            self.assertEqual(draft.host, left_to)

    def photo_rows(self, letting):
        rows = {"photos-TOTAL_FORMS": 2, "photos-INITIAL_FORMS": 2}
        for index, photo in enumerate(letting.photos.all()):
            rows |= {
                f"photos-{index}-id": photo.pk,
                f"photos-{index}-letting": letting.pk,
                f"photos-{index}-alt": ("First", "Second")[index],
                f"photos-{index}-position": 5 - index,
            }
        return rows

    def test_errors_are_shown_and_nothing_is_saved(self):
        for field, value, words in (
            ("title", "", "This field is required."),
            ("price", "-5", "The price a night must be more than zero."),
            ("price", "0", "The price a night must be more than zero."),
            ("price", "cheap", "Enter a number."),
            ("sleeps", "0", "A letting sleeps at least one person."),
            ("currency", "usd", "three capital letters (ISO 4217)"),
            ("number", "", "This field is required."),
            ("number", "–", "as it is on the house"),
            ("number", "9" * 17, "at most 16 characters"),
            ("state", "Oh", "two letters, such as GA"),
            ("zip_code", "ABC", "five digits (02134)"),
            ("country_iso_code", "US", "three capital letters (ISO 3166-1)"),
            ("host", "99999", "Select a valid choice."),
        ):
            with self.subTest(f"{field}={value}"):
                response = self.client.post(ADD, form(**{field: value}))
                self.assertContains(response, words)
        self.assertEqual(Letting.objects.count(), 3)
        self.assertEqual(Address.objects.count(), 3)

    def test_deleting_a_letting_deletes_its_address(self):
        pk = self.lettings[0].pk
        self.assertRedirects(self.client.post(f"{LIST}{pk}/delete/", {"post": "yes"}), LIST)
        self.client.post(
            LIST,
            {"action": "delete_selected", "_selected_action": self.lettings[1].pk, "post": "yes"},
        )
        self.assertEqual(list(Letting.objects.all()), [self.lettings[2]])
        self.assertEqual(Address.objects.count(), 1)


class PhotoTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(override_settings(MEDIA_ROOT=self.folder))

    def row(self, file, **changes):
        row = {"photos-0-file": file, "photos-0-alt": "Red", "photos-0-position": "1"}
        return form(**{"photos-TOTAL_FORMS": "1"} | row | changes)

    def add(self, color="red"):
        with self.captureOnCommitCallbacks(execute=True):
            self.assertRedirects(self.client.post(ADD, self.row(upload("a.png", color))), LIST)
        return Photo.objects.latest("pk")

    def test_an_upload_is_stored_in_every_rendition(self):
        photo = self.add()
        self.assertEqual((photo.width, photo.height), (1440, 960))
        self.assertEqual(len(list(self.folder.glob("photos/*"))), 7)
        self.assertContains(self.client.get(LIST), photo.url(480, "webp"))

    def test_a_picture_is_replaced(self):
        photo = self.add()
        row = self.row(upload("a.png", "blue")) | {
            "photos-INITIAL_FORMS": 1,
            "photos-0-id": photo.pk,
            "photos-0-letting": photo.letting_id,
        }
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(f"{LIST}{photo.letting_id}/change/", row)
        self.assertNotEqual(Photo.objects.get(pk=photo.pk).image.name, photo.image.name)
        self.assertEqual(len(list(self.folder.glob("photos/*"))), 7)

    def test_files_are_deleted_with_the_last_photo_that_shows_them(self):
        photos = [self.add(), self.add()]
        pictures.delete(photos[1].image.name)
        photos[1].image = photos[0].image.name  # as the same upload twice once was
        photos[1].save()
        for photo, left in zip(photos, (7, 0), strict=True):
            with self.captureOnCommitCallbacks(execute=True):
                photo.letting.address.delete()
            self.assertEqual(len(list(self.folder.glob("photos/*"))), left)

    def test_errors_are_shown(self):
        for changes, words in (
            ({"photos-0-file": ""}, "Choose a picture."),
            ({"photos-0-alt": ""}, "This field is required."),
            ({"photos-0-file": SimpleUploadedFile("a.jpg", b"no picture")}, "read as a picture"),
            ({"photos-0-file": upload(size=(99, 99))}, "at least 1440"),
        ):
            with self.subTest(words):
                response = self.client.post(ADD, self.row(upload()) | changes)
                self.assertContains(response, words)
        self.assertEqual(list(self.folder.glob("photos/*")), [])


class ActionTests(AdminTestCase):
    def act(self, action, lettings):
        data = {"action": action, "_selected_action": [letting.pk for letting in lettings]}
        return self.client.post(LIST, data, follow=True)

    def test_publish(self):
        now = timezone.now()
        Letting.objects.filter(pk=self.lettings[0].pk).update(published_at=now)
        Letting.objects.filter(pk=self.lettings[1].pk).update(published_at=now + timedelta(days=9))
        response = self.act("publish", self.lettings)
        self.assertContains(response, "Published 2: ")
        self.assertContains(response, "1 already published: left as before.")
        self.assertEqual(Letting.objects.published().count(), 3)
        self.assertEqual(Letting.objects.get(pk=self.lettings[0].pk).published_at, now)
        self.assertEqual(LogEntry.objects.filter(change_message="Published.").count(), 2)

    def test_unpublish(self):
        Letting.objects.update(published_at=timezone.now())
        response = self.act("unpublish", self.lettings[:1])
        self.assertContains(response, "Unpublished 1: House 1.")
        self.assertEqual(Letting.objects.published().count(), 2)

    def test_staff_with_view_permission_may_not_publish(self):
        reader = User.objects.create_user("reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_letting"))
        self.client.force_login(reader)
        self.act("publish", self.lettings)
        self.assertEqual(Letting.objects.published().count(), 0)
