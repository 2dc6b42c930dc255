"""GET /lettings/<id>/"""

import json
import re
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils import timezone

from lettings.models import Address, Letting

NASTY = "Silo & </script><script>alert(1)</script>"


def make_letting(title, city="Willoughby", state="OH", country="USA", **fields):
    """Return a new published letting in a city, each newer than the one before."""
    address = Address.objects.create(
        number=4,
        street="Military Street",
        city=city,
        state=state,
        zip_code="04409",
        country_iso_code=country,
    )
    fields.setdefault("published_at", timezone.now())
    return Letting.objects.create(title=title, address=address, **fields)


class LettingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        users = get_user_model().objects
        cls.host = users.create_user("AirWow").profile
        cls.staff = users.create_user("keeper", is_staff=True)
        cls.visitor = users.create_user("visitor")
        cls.letting = make_letting(
            "Oceanview Retreat",
            host=cls.host,
            description="A porch above the lake.\n\nCoffee is in the tin.",
            price="1250.00",
            bedrooms=1,
            sleeps=2,
        )

    def get(self, letting=None):
        return self.client.get((letting or self.letting).get_absolute_url())

    def data(self, response):
        found = re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', response.text, re.DOTALL
        )
        self.assertEqual(len(found), 1)
        self.assertFalse(set("<>&") & set(found[0]), "nothing in the block may look like HTML")
        return json.loads(found[0])

    def test_it_works(self):
        response = self.get()
        self.assertContains(response, "<title>Oceanview Retreat</title>", html=True)
        self.assertContains(response, "<h1>Oceanview Retreat</h1>", html=True)
        self.assertContains(response, "<p>Coffee is in the tin.</p>", html=True)
        self.assertContains(response, "<b>$1,250</b> a night", html=True)
        self.assertContains(response, "Willoughby, OH 04409")
        self.assertContains(response, 'href="/profiles/AirWow/"')
        self.assertContains(response, "with Ohio marked")

    def test_unknown_values_are_left_out(self):
        response = self.get(make_letting("Bare"))
        self.assertContains(response, "Price not given yet")
        self.assertContains(response, "has no host on the site yet")
        self.assertNotContains(response, "Sleeps")
        self.assertNotContains(response, "Bedrooms")
        self.assertFalse({"makesOffer", "description", "image"} & set(self.data(response)))

    def test_no_bedrooms_is_a_studio(self):
        self.assertContains(self.get(make_letting("Silo", bedrooms=0)), "<dd>Studio</dd>")

    def test_abroad_there_is_no_map_of_the_states(self):
        response = self.get(make_letting("Finca", city="Girona", state="GA", country="ESP"))
        self.assertNotContains(response, "Map of the states")
        self.assertContains(response, "Girona, GA, ESP")

    def test_lettings_nearby(self):
        make_letting("Same city", city="WILLOUGHBY".title())
        for number in range(3):
            make_letting(f"Same state {number}", city="Toledo")
        make_letting("Other state", state="OR")
        make_letting("Other country", country="CAN")
        make_letting("Draft", published_at=None)
        near = [letting.title for letting in self.get().context["near"]]
        self.assertEqual(near, ["Same city", "Same state 2", "Same state 1"])

    def test_structured_data(self):
        data = self.data(self.get())
        self.assertEqual(data["@type"], "VacationRental")
        self.assertEqual(data["url"], f"http://testserver{self.letting.get_absolute_url()}")
        self.assertEqual(data["address"]["postalCode"], "04409")
        self.assertEqual(data["containsPlace"]["occupancy"]["value"], 2)
        self.assertEqual(data["makesOffer"]["priceSpecification"]["price"], "1250.00")

    def test_html_in_a_title_is_escaped(self):
        letting = make_letting(NASTY, description=NASTY)
        response = self.get(letting)
        self.assertNotContains(response, "<script>")
        self.assertEqual(self.data(response)["name"], NASTY)

    def test_canonical_address(self):
        url = f"http://testserver{self.letting.get_absolute_url()}"
        response = self.client.get(self.letting.get_absolute_url(), {"utm_source": "letter"})
        self.assertContains(response, f'<link rel="canonical" href="{url}">', html=True)
        self.assertContains(response, '<meta property="og:title" content="Oceanview Retreat">')
        self.assertContains(response, "Willoughby, Ohio. A porch above the lake. Coffee is")

    def test_three_queries_whatever_is_near(self):
        for number in range(8):
            make_letting(f"Near {number}")
        with self.assertNumQueries(3):
            self.get()

    def test_a_draft_is_not_found(self):
        Letting.objects.update(published_at=None)
        self.assertEqual(self.get().status_code, 404)
        self.client.force_login(self.visitor)
        self.assertEqual(self.get().status_code, 404)

    def test_a_future_publication_is_not_found(self):
        Letting.objects.update(published_at=timezone.now() + timedelta(days=1))
        self.assertEqual(self.get().status_code, 404)

    def test_staff_see_a_draft_with_noindex(self):
        Letting.objects.update(published_at=None)
        self.client.force_login(self.staff)
        response = self.get()
        self.assertContains(response, "Only its host and staff can see this page yet.")
        self.assertContains(response, '<meta name="robots" content="noindex">')
        self.assertNotContains(response, "ld+json")

    def test_a_wrong_method(self):
        response = self.client.post(self.letting.get_absolute_url())
        self.assertEqual(response.status_code, 405)

    def test_a_bad_id(self):
        for bad in ("999", "9" * 30, "0", "-1", "one"):
            with self.subTest(bad):
                self.assertEqual(self.client.get(f"/lettings/{bad}/").status_code, 404)
