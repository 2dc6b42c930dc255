"""GET /"""

from django.test import TestCase
from django.utils import timezone

from lettings.models import Address, Letting


def publish(title, state="OH", country="USA", published=True):
    address = Address.objects.create(
        number=4,
        street="Military Street",
        city="Willoughby",
        state=state,
        zip_code="44094",
        country_iso_code=country,
    )
    at = timezone.now() if published else None
    return Letting.objects.create(title=title, address=address, published_at=at)


class HomeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        for number in range(7):
            publish(f"House {number}")
        publish("Draft", state="TX", published=False)

    def test_it_works(self):
        response = self.client.get("/")
        self.assertContains(response, "<title>Holiday Homes</title>", html=True)
        self.assertContains(response, "<h1>Welcome to Holiday Homes</h1>", html=True)
        self.assertContains(response, "House 6")
        self.assertContains(response, '<form class="quick" action="/lettings/" role="search">')
        self.assertContains(
            response, '<link rel="canonical" href="http://testserver/">', html=True
        )

    def test_the_six_newest(self):
        titles = [letting.title for letting in self.client.get("/").context["lettings"]]
        self.assertEqual(titles, [f"House {number}" for number in (6, 5, 4, 3, 2, 1)])

    def test_the_map_links_the_states_that_have_something(self):
        publish("Abroad", state="GA", country="ESP")
        response = self.client.get("/")
        self.assertContains(response, 'href="/lettings/?place=OH"')
        self.assertNotContains(response, "place=TX")
        self.assertNotContains(response, "place=GA")

    def test_three_queries(self):
        with self.assertNumQueries(3):
            self.client.get("/")

    def test_an_empty_site(self):
        Letting.objects.all().delete()
        response = self.client.get("/")
        self.assertContains(response, "No letting is published yet.")
        self.assertNotContains(response, "wake up")

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post("/").status_code, 405)
