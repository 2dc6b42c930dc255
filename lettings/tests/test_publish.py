"""POST /lettings/<id>/publish/ and /lettings/<id>/unpublish/"""

from datetime import timedelta

from django.utils import timezone

from lettings.models import Letting

from .host_case import HostTestCase


class PublishTests(HostTestCase):
    def setUp(self):
        super().setUp()
        self.publish = f"/lettings/{self.letting.pk}/publish/"
        self.unpublish = f"/lettings/{self.letting.pk}/unpublish/"

    def test_unpublish_and_publish_again(self):
        response = self.client.post(self.unpublish)
        self.assertRedirects(response, "/lettings/mine/", fetch_redirect_response=False)
        self.assertShowsMessage(
            response,
            "“Oceanview Retreat” is no longer public. You can publish it again at any time.",
        )
        self.assertFalse(Letting.objects.published().exists())
        self.assertShowsMessage(
            self.client.post(self.publish), "“Oceanview Retreat” is published."
        )
        self.assertTrue(Letting.objects.published().exists())

    def test_twice_is_once(self):
        self.client.post(self.publish)
        self.letting.refresh_from_db()
        self.assertLess(self.letting.published_at, timezone.now() - timedelta(days=1))

    def test_a_future_publication_is_published_now(self):
        Letting.objects.update(published_at=timezone.now() + timedelta(days=1))
        self.client.post(self.publish)
        self.assertTrue(Letting.objects.published().exists())

    def test_staff_too(self):
        self.client.force_login(self.staff.user)
        self.client.post(self.unpublish)
        self.assertFalse(Letting.objects.published().exists())

    def test_a_wrong_method(self):
        for path in (self.publish, self.unpublish):
            self.assertEqual(self.client.get(path).status_code, 405)

    def test_a_stranger(self):
        self.client.force_login(self.other.user)
        for path in (self.publish, self.unpublish):
            self.assertEqual(self.client.post(path).status_code, 404)
        self.assertTrue(Letting.objects.published().exists())

    def test_a_bad_id(self):
        for bad in ("999", "0", "9" * 30):
            for verb in ("publish", "unpublish"):
                self.assertEqual(self.client.post(f"/lettings/{bad}/{verb}/").status_code, 404)
