"""GET /lettings/"""

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from core.web.paging import PAGE_SIZE
from lettings.models import Letting

from .factories import make_lettings


class IndexTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_lettings(60)

    def context(self, **query):
        response = self.client.get("/lettings/", query)
        self.assertEqual(response.status_code, 200)
        return response.context

    def test_it_works(self):
        context = self.context()
        page = context["page"]
        self.assertEqual((page.count, page.pages, page.number), (60, 3, 1))
        self.assertEqual(len(page.rows), PAGE_SIZE)
        self.assertEqual(page.rows[0].title, "Haus 59")
        self.assertEqual(context["notices"], [])

    def test_a_draft_is_not_there(self):
        Letting.objects.filter(title="Haus 59").update(published_at=None)
        page = self.context()["page"]
        self.assertEqual((page.count, page.rows[0].title), (59, "Haus 58"))

    def test_a_future_publication_is_not_listed(self):
        Letting.objects.filter(title="Haus 59").update(
            published_at=datetime(2999, 1, 1, tzinfo=UTC)
        )
        self.assertEqual(self.context()["page"].count, 59)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post("/lettings/").status_code, 405)

    def test_walking_forwards_and_backwards_shows_each_once(self):
        everything = set(Letting.objects.values_list("pk", flat=True))
        for query in ({"sort": s} for s in ("newest", "price", "-price", "sleeps")):
            forwards, backwards = self.walk(query, "next_url"), self.walk(query, "previous_url")
            self.assertEqual(len(forwards), 60)
            self.assertEqual(set(forwards), everything)
            self.assertEqual(set(backwards), everything)
            self.assertEqual(len(backwards), 60)

    def walk(self, query, step):
        url = "/lettings/?" + urlencode(query)
        if step == "previous_url":
            url = "/lettings/" + self.client.get(url).context["page"].last_url
        seen = []
        while url:
            page = self.client.get(url).context["page"]
            seen += [letting.pk for letting in page.rows]
            url = getattr(page, step)
            if url.startswith("?"):
                url = "/lettings/" + url
        return seen

    def test_three_queries_whatever_the_number_of_rows(self):
        for kept in (60, 1):
            keep = Letting.objects.values_list("pk", flat=True)[:kept]
            Letting.objects.exclude(pk__in=list(keep)).delete()
            for query in ({}, {"place": "Georgia"}, {"sort": "price"}, {"page": "2"}):
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    self.context(**query)
                self.assertLessEqual(len(queries), 3, query)


class NonsenseTests(PropertyTestCase):
    @classmethod
    def setUpTestData(cls):
        make_lettings(60)

    names = st.sampled_from(
        ["q", "place", "price_min", "price_max", "sleeps", "bedrooms", "sort", "page", "x"]
    )
    values = st.one_of(
        st.text(max_size=50),
        st.integers().map(str),
        st.decimals().map(str),
        st.sampled_from(
            [
                "NaN",
                "1e999999999",
                "-1",
                "3.after.x",
                "2.before.20260101T120000000000Z.5",
                "9" * 5000,
            ]
        ),
    )

    @settings(max_examples=75, deadline=None)
    @given(st.lists(st.tuples(names, values), max_size=12))
    def test_any_query_gives_a_page(self, pairs):
        response = self.client.get("/lettings/?" + urlencode(pairs, errors="replace"))
        self.assertEqual(response.status_code, 200)
