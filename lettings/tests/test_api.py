"""GET /api/v1/lettings, /api/v1/lettings/<id> and /api/v1/profiles/<name>/lettings"""

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from lettings.models import Letting
from profiles.models import Profile

from .factories import make_letting, make_lettings

LIST = "/api/v1/lettings"


class ApiTestCase(TestCase):
    def ask(self, url, status=200, **query):
        response = self.client.get(url, query)
        self.assertEqual(response.status_code, status, response.content)
        return response.json()


class ListTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        make_lettings(60)

    def test_it_works(self):
        found = self.ask(LIST)
        self.assertEqual((found["count"], len(found["items"])), (60, 24))
        self.assertEqual((found["previous"], found["notices"]), (None, []))
        letting = found["items"][1]
        self.assertEqual(letting["title"], "Haus 58")
        self.assertEqual(letting["price"], {"amount": "80.10", "currency": "USD"})
        self.assertEqual(letting["published_at"], "2026-01-30T12:00:00Z")
        self.assertEqual(letting["address"]["zip_code"], "31525")
        self.assertIsNone(found["items"][2]["price"])

    def test_the_same_filters_and_orders_as_the_page(self):
        for query in (
            {"q": "woods", "sort": "price"},
            {"place": "Georgia", "price_min": "80", "price_max": "100"},
            {"sleeps": "4", "bedrooms": "1", "sort": "-price"},
            {"sort": "sleeps"},
            {"q": "wodos"},
            {"price_min": "100", "price_max": "50"},
            {"sort": "relevance"},
            {"q": "!"},
        ):
            page = self.client.get("/lettings/", query).context
            found = self.ask(LIST, **query)
            shown = [letting.pk for letting in page["page"].rows]
            self.assertEqual([each["id"] for each in found["items"]], shown, query)
            self.assertEqual(found["count"], page["page"].count)
            self.assertEqual(found["notices"], page["notices"], query)

    def test_walking_forwards_and_backwards_shows_each_once(self):
        for sort in ("newest", "price", "-price", "sleeps"):
            forwards = self.walk(f"{LIST}?{urlencode({'sort': sort})}", "next")
            backwards = self.walk(self.last, "previous")
            self.assertEqual(len(set(forwards)), 60)
            self.assertEqual(sorted(forwards), sorted(backwards))

    def walk(self, url, step):
        seen = []
        while url:
            self.last = url
            page = self.ask(url)
            seen += [each["id"] for each in page["items"]]
            url = page[step]
        return seen

    def test_invalid_parameters_are_refused_with_the_forms_errors(self):
        found = self.ask(LIST, 422, price_min="1_000", sleeps="٣", sort="cheap", place="x" * 101)
        self.assertEqual(
            {each["name"]: each["detail"] for each in found["errors"]},
            {
                "price_min": "Enter a number.",
                "sleeps": "Enter a whole number.",
                "sort": "Choose one of 'newest', 'price', '-price', 'sleeps' or 'relevance'.",
                "place": "Use at most 100 characters.",
            },
        )
        found = self.ask(LIST, 422, sleeps="0")["errors"][0]
        self.assertEqual(found["detail"], "Ensure this value is greater than or equal to 1.")

    def test_a_cursor_of_another_order_is_refused(self):
        cursor = "2.after.20260101T120000000000Z.5"
        self.ask(LIST, cursor=cursor)
        self.assertIn("damaged", self.ask(LIST, 404, cursor=cursor, sort="price")["detail"])
        self.ask(LIST, 422, cursor="2")

    def test_three_queries_whatever_the_number_of_rows(self):
        for kept in (60, 1):
            keep = Letting.objects.values_list("pk", flat=True)[:kept]
            Letting.objects.exclude(pk__in=list(keep)).delete()
            with CaptureQueriesContext(connection) as queries:
                self.ask(LIST)
            self.assertLessEqual(len(queries), 3)

    def test_a_wrong_method(self):
        response = self.client.post(LIST)
        self.assertEqual((response.status_code, response["Allow"]), (405, "GET, HEAD"))
        self.assertEqual(response["Content-Type"], "application/problem+json")

    def test_head_and_a_conditional_request(self):
        first = self.client.get(LIST)
        head = self.client.head(LIST)
        self.assertEqual((head.status_code, head.content), (200, b""))
        self.assertEqual(head["ETag"], first["ETag"])
        again = self.client.get(LIST, headers={"If-None-Match": first["ETag"]})
        self.assertEqual((again.status_code, again.content), (304, b""))


class LettingTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        user = User.objects.create_user("host")
        cls.host, _ = Profile.objects.get_or_create(user=user)
        cls.letting = make_letting("Haus", host=cls.host)
        cls.draft = make_letting("Draft", host=cls.host, published_at=None)

    def test_it_works(self):
        with self.assertNumQueries(2):
            found = self.ask(f"{LIST}/{self.letting.pk}")
        self.assertEqual(found["url"], f"http://testserver/lettings/{self.letting.pk}/")
        self.assertEqual(found["host"]["username"], "host")

    def test_a_stranger_sees_no_draft(self):
        self.ask(f"{LIST}/{self.draft.pk}", 404)
        Letting.objects.filter(pk=self.draft.pk).update(
            published_at=datetime(2999, 1, 1, tzinfo=UTC)
        )
        self.ask(f"{LIST}/{self.draft.pk}", 404)

    def test_a_session_of_staff_shows_no_draft(self):
        self.client.force_login(User.objects.create_superuser("admin"))
        self.ask(f"{LIST}/{self.draft.pk}", 404)

    def test_a_bad_id(self):
        for id in ("0", "9" * 30, "x", "-1"):
            self.ask(f"{LIST}/{id}", 404)

    def test_the_lettings_of_a_host(self):
        found = self.ask("/api/v1/profiles/host/lettings")
        self.assertEqual([each["title"] for each in found["items"]], ["Haus"])
        self.ask("/api/v1/profiles/nobody/lettings", 404)
