"""GET /profiles/"""

from django.test import TestCase
from django.utils import timezone

from lettings.models import Address, Letting
from profiles.models import Profile
from profiles.tests.factories import make_person


def make_profiles(*names, city=""):
    return [make_person(name, city=city) for name in names]


class IndexTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.host, cls.guest = make_profiles("DavWin", "AirWow", city="Budapest")
        for published_at in (timezone.now(), None):
            address = Address.objects.create(
                number=4, street="Military Street", city="Willoughby", state="OH", zip_code="44094"
            )
            Letting.objects.create(
                title="Retreat",
                address=address,
                host=cls.host if published_at else cls.guest,
                published_at=published_at,
            )

    def names(self, query=""):
        response = self.client.get(f"/profiles/{query}")
        self.assertEqual(response.status_code, 200)
        return [profile.user.username for profile in response.context["page"].rows]

    def test_it_works(self):
        response = self.client.get("/profiles/")
        self.assertContains(response, "<title>Profiles</title>", html=True)
        self.assertContains(response, '<a href="/profiles/AirWow/">AirWow</a>', html=True)
        self.assertContains(response, "Loves Budapest", count=2)
        self.assertNotContains(response, 'aria-label="Pages"')

    def test_by_name(self):
        self.assertEqual(self.names(), ["AirWow", "DavWin"])

    def test_a_draft_makes_no_host(self):
        self.assertContains(
            self.client.get("/profiles/"), '<span class="tag">Host</span>', count=1
        )

    def test_pages(self):
        make_profiles(*(f"person{number:02}" for number in range(47)))
        first = self.client.get("/profiles/")
        self.assertContains(first, '<a href="?page=2" rel="next">Next</a>', html=True)
        self.assertContains(first, "Page 1 of 3")
        self.assertEqual(self.names("?page=3"), ["person46"])
        last = self.client.get("/profiles/?page=3")
        self.assertContains(last, '<a href="?page=2" rel="prev">Previous</a>', html=True)
        self.assertNotContains(last, 'rel="next"')
        self.assertContains(last, 'rel="canonical" href="http://testserver/profiles/?page=3"')

    def test_nonsense_gives_a_page(self):
        for bad in ("x", "0", "-1", "9" * 5000, "1e9", "%00", "%ff", ""):
            with self.subTest(bad[:20]):
                self.assertEqual(len(self.names(f"?page={bad}")), 2)

    def test_two_queries_whatever_the_number(self):
        make_profiles(*(f"person{number:02}" for number in range(30)))
        with self.assertNumQueries(2):
            self.names()

    def test_an_empty_site(self):
        Profile.objects.all().delete()
        self.assertContains(self.client.get("/profiles/"), "Nobody has a profile yet.")

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post("/profiles/").status_code, 405)
