"""/lettings/<id>/save/ and /lettings/saved/"""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lettings.models import Letting, Saved

from .factories import make_letting
from .host_case import HostTestCase, add_photo

LIST = "/lettings/saved/"


class SaveTests(HostTestCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.other.user)
        self.page = self.letting.get_absolute_url()
        self.path = f"{self.page}save/"

    def test_the_button_of_the_page(self):
        self.assertContains(self.client.get(self.page), 'value="save"')
        response = self.client.post(self.path, {"do": "save"})
        self.assertRedirects(response, self.page)
        self.assertEqual(Saved.objects.get().profile, self.other)
        self.assertContains(self.client.get(self.page), 'value="remove"')
        self.client.post(self.path, {"do": "remove"})
        self.assertFalse(Saved.objects.exists())

    def test_twice_is_once(self):
        for _ in range(2):
            self.client.post(self.path)
        self.assertEqual(Saved.objects.count(), 1)
        for _ in range(2):
            self.assertEqual(self.client.post(self.path, {"do": "remove"}).status_code, 302)

    def test_an_anonymous_visitor_returns_to_a_page_with_the_button(self):
        self.client.logout()
        page = self.client.get(self.page)
        self.assertContains(page, f'href="{self.path}"')
        self.assertNotContains(page, "csrfmiddlewaretoken")
        self.assertFalse(page.cookies)
        self.assertEqual(self.client.get(self.path).status_code, 302)
        self.client.force_login(self.other.user)
        self.assertContains(self.client.get(self.path), "Save Oceanview Retreat?")
        self.client.post(self.path)
        self.assertContains(self.client.get(self.path), "You saved Oceanview Retreat")

    def test_rows_of_other_users_stay(self):
        self.client.post(self.path)
        self.client.force_login(self.staff.user)
        self.client.post(self.path, {"do": "remove"})
        self.assertEqual(Saved.objects.count(), 1)

    def test_a_draft_can_not_be_saved_but_can_be_removed(self):
        self.client.post(self.path)
        Letting.objects.update(published_at=None)
        self.assertEqual(self.client.post(self.path).status_code, 404)
        self.assertEqual(self.client.get(self.path).status_code, 404)
        self.client.post(self.path, {"do": "remove"})
        self.assertFalse(Saved.objects.exists())

    def test_a_wrong_method_and_a_bad_id(self):
        self.assertEqual(self.client.options(self.path).status_code, 405)
        for bad in ("999", "0", "9" * 30):
            self.assertEqual(self.client.post(f"/lettings/{bad}/save/").status_code, 404)


class SavedTests(HostTestCase):
    def setUp(self):
        super().setUp()
        Saved.objects.create(profile=self.host, letting=self.letting)

    def test_it_works(self):
        Saved.objects.create(profile=self.other, letting=make_letting("Of another"))
        response = self.client.get(LIST)
        self.assertContains(response, "Oceanview Retreat")
        self.assertNotContains(response, "Of another")

    def test_an_unpublished_letting_is_not_shown(self):
        Letting.objects.update(published_at=None)
        response = self.client.get(LIST)
        self.assertContains(response, "A letting that is not public just now")
        self.assertNotContains(response, "Oceanview Retreat")
        self.assertNotContains(response, "Brunswick")

    def test_nothing_yet(self):
        self.client.force_login(self.other.user)
        self.assertContains(self.client.get(LIST), "You saved nothing yet")

    def test_a_constant_number_of_queries(self):
        def count():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(LIST)
            return len(queries)

        few = count()
        for number in range(9):
            letting = make_letting(f"House {number}")
            add_photo(letting=letting)
            Saved.objects.create(profile=self.host, letting=letting)
        self.assertEqual(count(), few)
        self.assertEqual(few, 4)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post(LIST).status_code, 405)

    def test_a_stranger_signs_in_first(self):
        self.client.logout()
        self.assertEqual(self.client.get(LIST).status_code, 302)
