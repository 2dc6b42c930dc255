"""GET /lettings/<id>/"""

from django.test import TestCase
from django.utils import timezone

from lettings.models import Address, Letting


class LettingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        address = Address.objects.create(
            number=4, street="Military Street", city="Willoughby", state="OH", zip_code="44094"
        )
        cls.letting = Letting.objects.create(
            title="Oceanview Retreat", address=address, published_at=timezone.now()
        )

    def test_it_works(self):
        response = self.client.get(self.letting.get_absolute_url())
        self.assertContains(response, "Oceanview Retreat")

    def test_a_draft_is_not_found(self):
        Letting.objects.update(published_at=None)
        response = self.client.get(self.letting.get_absolute_url())
        self.assertEqual(response.status_code, 404)

    def test_a_wrong_method(self):
        response = self.client.post(self.letting.get_absolute_url())
        self.assertEqual(response.status_code, 405)

    def test_a_bad_id(self):
        self.assertEqual(self.client.get("/lettings/999/").status_code, 404)
