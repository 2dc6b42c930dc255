"""/lettings/<id>/delete/ and /lettings/drafts/<id>/discard/: a confirmation, then deletion."""

from unittest import mock

from lettings.hosting import drafts
from lettings.models import Address, Draft, Letting, Photo

from .host_case import HostTestCase, add_photo


class DeleteTests(HostTestCase):
    def setUp(self):
        super().setUp()
        self.path = f"/lettings/{self.letting.pk}/delete/"

    def test_it_asks_first(self):
        self.assertContains(self.client.get(self.path), "Delete Oceanview Retreat?")
        self.assertTrue(Letting.objects.exists())

    def test_it_deletes_address_pictures_and_draft(self):
        self.send(f"/lettings/{self.letting.pk}/edit/", title="Seaview")
        self.assertShowsMessage(self.client.post(self.path), "“Oceanview Retreat” is deleted.")
        for model in (Letting, Address, Photo, Draft):
            self.assertFalse(model.objects.exists())

    def test_a_wrong_method(self):
        self.assertEqual(self.client.options(self.path).status_code, 405)

    def test_a_stranger(self):
        self.client.force_login(self.other.user)
        self.assertEqual(self.client.get(self.path).status_code, 404)
        self.assertEqual(self.client.post(self.path).status_code, 404)
        self.assertTrue(Letting.objects.exists())

    def test_a_bad_id(self):
        for bad in ("999", "0", "9" * 30):
            self.assertEqual(self.client.post(f"/lettings/{bad}/delete/").status_code, 404)


class DiscardTests(HostTestCase):
    def test_a_new_lettings_draft_is_deleted_with_its_pictures(self):
        draft = self.make_draft()
        add_photo(draft=draft)
        path = f"/lettings/drafts/{draft.pk}/discard/"
        self.assertContains(self.client.get(path), "Delete the draft of “Silo Studio”?")
        self.assertShowsMessage(self.client.post(path), "The draft of “Silo Studio” is deleted.")
        self.assertFalse(Draft.objects.exists())
        self.assertFalse(Photo.objects.filter(letting=None).exists())

    def test_a_letting_stays_as_it_was(self):
        self.send(f"/lettings/{self.letting.pk}/edit/", title="Seaview")
        path = f"/lettings/drafts/{Draft.objects.get().pk}/discard/"
        self.assertContains(self.client.get(path), "The letting stays as it is.")
        self.client.post(path)
        self.assertFalse(Draft.objects.exists())
        self.assertEqual(Letting.objects.get().title, "Oceanview Retreat")

    def test_a_draft_that_was_published_meanwhile(self):
        draft = self.make_draft()
        path = f"/lettings/drafts/{draft.pk}/discard/"
        with mock.patch.object(drafts, "discard", side_effect=drafts.Gone):
            response = self.client.post(path)
        self.assertShowsMessage(response, "That draft was published or discarded meanwhile.")

    def test_a_draft_belongs_to_the_new_host_of_its_letting(self):
        self.send(f"/lettings/{self.letting.pk}/edit/", title="Seaview")
        Letting.objects.update(host=self.other)
        path = f"/lettings/drafts/{Draft.objects.get().pk}/discard/"
        self.assertEqual(self.client.get(path).status_code, 404)
        self.client.force_login(self.other.user)
        self.assertEqual(self.client.get(path).status_code, 200)

    def test_a_wrong_method_a_stranger_and_a_bad_id(self):
        path = f"/lettings/drafts/{self.make_draft().pk}/discard/"
        self.assertEqual(self.client.options(path).status_code, 405)
        self.assertEqual(self.client.post("/lettings/drafts/999/discard/").status_code, 404)
        self.client.force_login(self.other.user)
        self.assertEqual(self.client.post(path).status_code, 404)
        self.assertTrue(Draft.objects.exists())
