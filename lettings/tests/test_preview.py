"""GET /lettings/drafts/<id>/preview/, and a letting that is not public, as its host sees it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lettings.models import Draft, Letting

from .host_case import HostTestCase, add_photo


class PreviewTests(HostTestCase):
    def setUp(self):
        super().setUp()
        self.draft = self.make_draft()
        self.path = f"/lettings/drafts/{self.draft.pk}/preview/"

    def test_it_works(self):
        add_photo("A silo", draft=self.draft)
        response = self.client.get(self.path)
        self.assertContains(response, "This is a preview.")
        self.assertContains(response, "<h1>Silo Studio</h1>", html=True)
        self.assertContains(response, "<b>$1,180.50</b> a night", html=True)
        self.assertContains(response, 'alt="A silo"')
        self.assertContains(response, '<meta name="robots" content="noindex">')

    def test_as_far_as_it_can_be_read(self):
        self.draft.data["words"] = dict.fromkeys(self.draft.data["words"], "")
        self.draft.save()
        self.assertContains(self.client.get(self.path), "Price not given yet")

    def test_a_change_of_a_letting(self):
        self.send(f"/lettings/{self.letting.pk}/edit/", "save", title="Seaview")
        draft = Draft.objects.get(letting=self.letting)
        response = self.client.get(f"/lettings/drafts/{draft.pk}/preview/")
        self.assertContains(response, "<h1>Seaview</h1>", html=True)
        self.assertEqual(Letting.objects.get().title, "Oceanview Retreat")

    def test_the_button_saves_first(self):
        response = self.send(self.draft.get_absolute_url(), "preview", title="Seaview")
        self.assertRedirects(response, self.path)
        self.assertContains(self.client.get(self.path), "<h1>Seaview</h1>", html=True)

    def test_a_constant_number_of_queries(self):
        def count():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.path)
            return len(queries)

        few = count()
        for position in range(9):
            add_photo(draft=self.draft, position=position)
        self.assertEqual(count(), few)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post(self.path).status_code, 405)

    def test_a_stranger(self):
        self.client.force_login(self.other.user)
        self.assertEqual(self.client.get(self.path).status_code, 404)

    def test_a_bad_id(self):
        for bad in ("999", "0", "9" * 30):
            path = f"/lettings/drafts/{bad}/preview/"
            self.assertEqual(self.client.get(path).status_code, 404)


class NotPublicTests(HostTestCase):
    def setUp(self):
        super().setUp()
        Letting.objects.update(published_at=None)

    def test_its_host_sees_the_page(self):
        response = self.client.get(self.letting.get_absolute_url())
        self.assertContains(response, "Only its host and staff can see this page yet.")

    def test_nobody_else_does_not_even_of_a_letting_without_a_host(self):
        for host in (self.host, None):
            Letting.objects.update(host=host)
            self.client.force_login(self.other.user)
            self.assertEqual(self.client.get(self.letting.get_absolute_url()).status_code, 404)
            self.client.logout()
            self.assertEqual(self.client.get(self.letting.get_absolute_url()).status_code, 404)
