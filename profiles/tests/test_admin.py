"""/admin/profiles/profile/..."""

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from core.tests.storages import IN_MEMORY
from lettings.models import Address, Letting
from profiles.models import Profile
from profiles.tests.factories import make_person

SIGN_IN = "/admin/login/?next={}"
LIST = "/admin/profiles/profile/"


class ProfileAdminTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = User.objects.create_superuser("staff")
        cls.profile = cls.make(0)
        for number in (1, 2):
            address = Address.objects.create(
                number=number, street="Main Street", city="Salem", state="OR", zip_code="97301"
            )
            Letting.objects.create(title=f"House {number}", address=address, host=cls.profile)
        cls.make(1)
        cls.make(2)

    @classmethod
    def make(cls, number):
        name = {"first_name": "Ada", "last_name": "Paul"}
        return make_person(f"Host{number}", city="Budapest", **name)

    def setUp(self):
        self.client.force_login(self.staff)

    def test_it_works(self):
        response = self.client.get(LIST)
        self.assertContains(response, "Budapest")
        self.assertContains(response, f'host__id__exact={self.profile.pk}">2</a>')
        self.assertContains(response, f"/admin/auth/user/{self.profile.user_id}/change/")

    def test_a_stranger(self):
        self.client.logout()
        for path in (LIST, f"{LIST}add/", f"{LIST}{self.profile.pk}/change/"):
            self.assertRedirects(self.client.get(path), SIGN_IN.format(path), 302, 302)

    def test_no_query_per_row(self):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                self.client.get(LIST)
            return len(captured)

        few = queries()
        for number in range(10, 37):
            self.make(number)
        self.assertEqual(queries(), few)

    def test_search_by_name(self):
        response = self.client.get(LIST, {"q": "host1"})
        self.assertContains(response, "Host1")
        self.assertNotContains(response, "Host2")

    def test_the_host_of_a_letting_is_found_by_typing(self):
        query = {"app_label": "lettings", "model_name": "letting", "field_name": "host"}
        response = self.client.get("/admin/autocomplete/", {"term": "host", **query})
        self.assertEqual(
            [found["text"] for found in response.json()["results"]], ["Host0", "Host1", "Host2"]
        )

    def test_change(self):
        path = f"{LIST}{self.profile.pk}/change/"
        data = {"user": self.profile.user_id, "favorite_city": "Berlin", "language": "en"}
        self.assertRedirects(self.client.post(path, data), LIST)
        self.assertEqual(Profile.objects.get(pk=self.profile.pk).favorite_city, "Berlin")

    def test_a_picture_is_looked_at_and_put_in_by_nobody(self):
        path = f"{LIST}{self.profile.pk}/change/"
        self.assertNotContains(self.client.get(path), 'type="file"')
        data = {"user": self.profile.user_id, "language": "en"}
        self.client.post(path, data | {"picture": ContentFile(b"GIF89a", "me.gif")})
        self.assertFalse(Profile.objects.exclude(picture="").exists())

    def test_pictures_are_removed_with_their_files(self):
        with override_settings(STORAGES=IN_MEMORY), self.captureOnCommitCallbacks(execute=True):
            name = default_storage.save("faces/a.webp", ContentFile(b"a face"))
            Profile.objects.filter(pk=self.profile.pk).update(picture=name)
            chosen = list(Profile.objects.values_list("pk", flat=True))
            data = {"action": "remove_pictures", "_selected_action": chosen}
            answer = self.client.post(LIST, data, follow=True)
        self.assertContains(answer, "1 picture is removed.")
        self.assertFalse(Profile.objects.exclude(picture="").exists())
        with override_settings(STORAGES=IN_MEMORY):
            self.assertFalse(default_storage.exists(name))
        self.assertEqual(LogEntry.objects.get().object_id, str(self.profile.pk))

    def test_a_user_has_one_profile(self):
        response = self.client.post(f"{LIST}add/", {"user": self.profile.user_id})
        self.assertContains(response, "Profile with this User already exists.")
