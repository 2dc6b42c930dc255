"""GET /profiles/<username>/"""

from datetime import UTC, datetime

from django.test import TestCase
from django.utils import timezone

from lettings.models import Address, Letting
from profiles.tests.factories import make_person


class ProfileTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.profile = make_person(
            "AirWow",
            city="Budapest",
            first_name="Ada",
            last_name="Wow",
            email="ada@example.com",
            date_joined=datetime(2021, 5, 9, tzinfo=UTC),
        )
        cls.let("Published")
        cls.let("Draft", published_at=None)

    @classmethod
    def let(cls, title, **fields):
        address = Address.objects.create(
            number=4, street="Military Street", city="Willoughby", state="OH", zip_code="44094"
        )
        fields = {"published_at": timezone.now(), "host": cls.profile, **fields}
        return Letting.objects.create(title=title, address=address, **fields)

    def get(self, query=""):
        return self.client.get(f"/profiles/AirWow/{query}")

    def test_it_works(self):
        response = self.get()
        self.assertContains(response, "<title>AirWow</title>", html=True)
        self.assertContains(response, "<h1>AirWow</h1>", html=True)
        self.assertContains(response, "Ada Wow")
        self.assertContains(response, "<dd>Budapest</dd>", html=True)
        self.assertContains(response, "May 2021")
        self.assertContains(response, "Published")

    def test_what_is_private_stays_private(self):
        response = self.get()
        self.assertNotContains(response, "ada@example.com")
        self.assertNotContains(response, "Draft")

    def test_many_lettings_come_in_pages(self):
        for number in range(24):
            self.let(f"House {number}")
        self.assertEqual(len(self.get().context["page"].rows), 24)
        self.assertContains(self.get("?page=2"), "Published")
        self.assertContains(
            self.get("?page=2"), 'href="http://testserver/profiles/AirWow/?page=2"'
        )
        for bad in ("x", "-1", "9" * 30, "%00"):
            with self.subTest(bad):
                self.assertEqual(self.get(f"?page={bad}").status_code, 200)

    def test_three_queries_whatever_they_let(self):
        for number in range(10):
            self.let(f"House {number}")
        with self.assertNumQueries(3):
            self.get()

    def test_nothing_to_let(self):
        Letting.objects.all().delete()
        self.assertContains(self.get(), "AirWow has no place to let just now.")

    def test_a_name_with_signs_in_it(self):
        url = make_person("a.b+c@d_é").get_absolute_url()
        self.assertContains(self.client.get(url), "a.b+c@d_é")

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post("/profiles/AirWow/").status_code, 405)

    def test_a_stranger(self):
        for bad in ("airwow", "nobody", "admin", "x" * 500, "%ff"):
            with self.subTest(bad[:20]):
                self.assertEqual(self.client.get(f"/profiles/{bad}/").status_code, 404)
