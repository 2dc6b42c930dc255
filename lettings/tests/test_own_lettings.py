"""GET /lettings/mine/"""

from datetime import timedelta
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.tests.pages import folded
from lettings.hosting import own_lettings

from .factories import make_letting
from .host_case import HostTestCase, add_photo

PATH = "/lettings/mine/"


class MineTests(HostTestCase):
    def test_it_works(self):
        make_letting("Not yet", host=self.host, published_at=None)
        make_letting("Next week", host=self.host, published_at=timezone.now() + timedelta(7))
        make_letting("Of another", host=self.other)
        draft = self.make_draft(title="Half a silo")
        self.make_draft(self.other, title="Of another too")
        self.send(f"/lettings/{self.letting.pk}/edit/", title="Seaview")
        response = self.client.get(PATH)
        self.assertContains(response, "1 published, 2 not public")
        self.assertIn(">1 draft<", folded(response))
        self.assertContains(response, draft.get_absolute_url())
        self.assertContains(response, "Public from")
        self.assertContains(response, "Changes not published")
        self.assertContains(response, "Oceanview Retreat")
        self.assertNotContains(response, "Of another")

    def test_nothing_yet(self):
        self.client.force_login(self.other.user)
        self.assertContains(self.client.get(PATH), "You let nothing yet")

    def test_pages(self):
        for number in range(25):
            make_letting(f"House {number}", host=self.host)
        self.assertContains(self.client.get(PATH), "?page=2")
        self.assertContains(self.client.get(PATH, {"page": "2"}), "Oceanview Retreat")

    def test_more_drafts_than_fit(self):
        for _ in range(3):
            self.make_draft()
        with mock.patch.object(own_lettings, "MOST_DRAFTS", 2):
            response = self.client.get(PATH)
        self.assertIn(">3 drafts<", folded(response))
        self.assertContains(response, "These are the 2 that were saved last.")
        self.assertEqual(len(response.context["drafts"]), 2)

    def test_a_constant_number_of_queries(self):
        def count():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(PATH)
            return len(queries)

        self.make_draft()
        few = count()
        for number in range(9):
            add_photo(letting=make_letting(f"House {number}", host=self.host))
            self.make_draft()
        self.assertEqual(count(), few)
        self.assertEqual(few, 7)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post(PATH).status_code, 405)

    def test_a_stranger_signs_in_first(self):
        self.client.logout()
        self.assertEqual(self.client.get(PATH).status_code, 302)
