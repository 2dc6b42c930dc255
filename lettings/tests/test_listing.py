"""The index for any query string: filters, orders, pages, and notices for the rest."""

from datetime import timedelta
from decimal import Decimal
from unittest import mock

from django.db import connection
from django.http import QueryDict
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from lettings import search
from lettings.browsing import paginator
from lettings.browsing.forms import IndexForm
from lettings.browsing.orders import ORDERS
from lettings.models import Letting

from .factories import NOON, make_letting, make_lettings


def ask(query):
    return IndexForm(QueryDict(query))


class FormTests(TestCase):
    def test_valid_values(self):
        for query, asked in {
            "q=+hot++tub+": {"q": "hot tub"},
            "price_min=80&price_max=%241,200.50": {
                "price_min": Decimal(80),
                "price_max": Decimal("1200.50"),
            },
            "price_max=1 200,50": {"price_max": Decimal("1200.50")},
            "price_max=99,5": {"price_max": Decimal("99.50")},
            "price_max=99.5000": {"price_max": Decimal("99.50")},
            "price_max=99.000": {"price_max": Decimal(99)},
            "price_max=.0": {},
            "sleeps=4&bedrooms=2": {"sleeps": 4, "bedrooms": 2},
            "sort=-price": {"sort": "-price"},
            "q=&place=&price_min=&sleeps=&sort=": {},
            "price_min=0": {},
            "utm_source=letter": {},
        }.items():
            form = ask(query)
            self.assertEqual((form.asked, form.notices), (asked, []), query)

    def test_notices_name_what_was_left_out(self):
        for query, words in {
            "price_min=abc": "“abc” could not be read as “Price from”",
            "price_min=-5": "“-5” could not be read",
            "price_max=NaN": "“NaN” could not be read",
            "price_max=1e999999999": "could not be read",
            "price_max=99999999": "could not be read",
            "sleeps=0": "“0” could not be read as “Sleeps at least”",
            "sleeps=2.5": "could not be read",
            "bedrooms=" + "9" * 5000: "could not be read as “Bedrooms at least”",
            "sort=colour": "“colour” could not be read as “Sort by”",
            "q=***": "“***” could not be read as “Search”",
            "sort=relevance": "Best match needs words",
        }.items():
            form = ask(query)
            self.assertEqual(form.asked, {}, query)
            self.assertEqual(len(form.notices), 1, form.notices)
            self.assertIn(words, form.notices[0])

    def test_a_part_that_cannot_be_read_leaves_the_rest(self):
        for query in ("q=hot%00tub", "q=hot%FFtub"):
            form = ask(query)
            self.assertEqual(form.asked, {"q": "hot tub"}, query)
            self.assertIn("A part of “Search”", form.notices[0])
        form = ask("q=" + "hot " * 100)
        self.assertEqual(len(form.asked["q"]), 99)
        self.assertEqual(len(form.notices), 1)

    def test_a_reversed_price_range_is_swapped(self):
        form = ask("price_min=200&price_max=80")
        self.assertEqual(form.asked, {"price_min": Decimal(80), "price_max": Decimal(200)})
        self.assertEqual(form["price_min"].value(), "80")
        self.assertIn("swapped", form.notices[0])

    def test_the_last_of_several_counts(self):
        form = ask("sleeps=2&sleeps=4")
        self.assertEqual(form.asked, {"sleeps": 4})
        self.assertIn("more than once", form.notices[0])

    def test_the_usual_order(self):
        self.assertEqual((ask("").order, ask("q=hut").order), ("newest", "relevance"))
        self.assertEqual(ask("q=hut&sort=newest").order, "newest")
        self.assertEqual(ask("sort=colour")["sort"].value(), "newest")
        self.assertNotIn("relevance", dict(ask("").fields["sort"].choices))


class ListingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_lettings(60)

    def context(self, query):
        response = self.client.get(f"/lettings/?{query}")
        self.assertEqual(response.status_code, 200)
        return response.context

    def count(self, query):
        return self.context(query)["page"].count

    def test_filters(self):
        for query, count in {
            "price_min=80.10": 40,
            "price_min=80.11": 20,
            "price_max=80.10": 20,
            "price_min=100&price_max=110": 0,
            "sleeps=4": 30,
            "bedrooms=2": 20,
            "q=haus": 60,
            "q=haus+7": 1,
        }.items():
            self.assertEqual(self.count(query), count, query)

    def test_places(self):
        make_letting("Hut", city="Georgia", state="VT")
        make_letting("Hut", city="Brunswick", state="ME")
        for place, count in {
            "Brunswick": 21,
            "bRUNSWICK": 21,
            "GA": 20,
            "ga": 20,
            "Georgia": 21,
            "brunswick, ga": 20,
            "Brunswick,Georgia": 20,
            "brunswick georgia": 20,
            "Brunswick, OH": 0,
            "new york": 20,
            "New York, New York": 20,
            "New York NY": 20,
            "ny": 20,
            "Atlantis": 0,
            ",": 0,
        }.items():
            self.assertEqual(self.count(f"place={place}"), count, place)

    def test_what_was_refused_is_not_sent_again(self):
        """Neither the form nor a link of the page carries it on."""
        make_lettings(60)
        page = self.client.get("/lettings/?sleeps=-3&price_min=abc&sort=colour").content.decode()
        page = page.split("<main")[1].split("</main")[0]
        self.assertIn("“-3” could not be read as “Sleeps at least”", page)
        for refused in ('value="-3"', 'value="abc"', "sleeps=-3", "price_min=abc", "sort=colour"):
            self.assertNotIn(refused, page.replace("&#x27;", "'"))

    def test_each_filter_in_force_can_be_removed(self):
        context = self.context("sort=price&bedrooms=1&place=ga&q=haus&price_max=99.50&x=1")
        self.assertEqual(
            [(filter.label, filter.remove_url) for filter in context["active"]],
            [
                ("“haus”", "?place=ga&price_max=99.50&bedrooms=1&sort=price"),
                ("In Georgia", "?q=haus&price_max=99.50&bedrooms=1&sort=price"),
                (
                    "99.50 a night or less, whatever the currency",
                    "?q=haus&place=ga&bedrooms=1&sort=price",
                ),
                ("1 or more bedrooms", "?q=haus&place=ga&price_max=99.50&sort=price"),
            ],
        )
        self.assertEqual(context["clear_url"], "/lettings/")
        self.assertEqual(self.context("sleeps=2")["active"][0].remove_url, "/lettings/")

    def test_orders_put_unknown_values_last(self):
        for sort, column in {"price": "price", "-price": "price", "sleeps": "sleeps"}.items():
            last = self.context(f"sort={sort}&page=3.last")["page"]
            self.assertIsNone(getattr(last.rows[-1], column))
            first = self.context(f"sort={sort}")["page"].rows[0]
            self.assertEqual(
                getattr(first, column),
                {"price": Decimal("80.10"), "-price": 120, "sleeps": 6}[sort],
            )

    def test_page_numbers_typed_by_hand(self):
        by_hand = [self.context(f"page={n}")["page"] for n in (1, 2, 3)]
        self.assertEqual([page.number for page in by_hand], [1, 2, 3])
        seen = [letting.pk for page in by_hand for letting in page.rows]
        self.assertEqual(seen, list(Letting.objects.newest().values_list("pk", flat=True)))
        self.assertEqual(by_hand[0].previous_url, "")
        self.assertEqual(by_hand[2].next_url, "")
        self.assertEqual(by_hand[1].first_url, "/lettings/")

    def test_invalid_pages(self):
        for page, number in {
            "abc": 1,
            "-1": 1,
            "0": 1,
            "1.5": 1,
            "999999": 3,
            "9" * 400: 1,
            "٣": 1,
            "2.after.x": 1,
            "2.after.20261399T000000000000Z.1": 1,
            "2.after.20260101T120000000000Z": 1,
            "2.before.1-2": 1,
            "2.sideways.1-2": 1,
        }.items():
            context = self.context(f"page={page}")
            self.assertEqual(context["page"].number, number, page)
            self.assertEqual(len(context["notices"]), 1, page)

    def test_beyond_the_last_and_before_the_first_row(self):
        last = self.context("page=2.after.00010101T000000000000Z.1")["page"]
        self.assertEqual((last.number, len(last.rows)), (3, 12))
        first = self.context("page=2.before.99991231T000000000000Z.1")["page"]
        self.assertEqual((first.number, len(first.rows), first.previous_url), (1, 24, ""))

    def test_too_many_parameters(self):
        context = self.context("&".join(f"x{n}=1" for n in range(2000)))
        self.assertEqual(context["page"].count, 60)
        self.assertIn("too much", context["notices"][0])

    def test_no_letting_at_all(self):
        Letting.objects.all().delete()
        for query in ("", "page=2", "page=1.last", "page=2.after.00010101T000000000000Z.1"):
            page = self.context(query)["page"]
            self.assertEqual((page.count, page.pages, page.rows), (0, 1, []), query)
            self.assertEqual((page.first_url, page.next_url), ("", ""))

    def test_search_costs_three_queries_too_and_a_correction_one(self):
        queries = dict.fromkeys(["q=haus", "q=haus&sort=price", "q=helicopter"], 3)
        queries[self.context("q=haus")["page"].next_url[1:]] = 3
        queries["q=hauss"] = 4  # whether a public letting has the word that was meant
        for query, most in queries.items():
            with CaptureQueriesContext(connection) as captured:
                self.context(query)
            self.assertLessEqual(len(captured), most, query)


class ChangeTests(TestCase):
    """Rows are added and deleted between two pages: the others are still seen once each."""

    @classmethod
    def setUpTestData(cls):
        make_lettings(60)

    def test_every_order(self):
        old = set(Letting.objects.values_list("pk", flat=True))
        for sort in ORDERS:
            query = f"?sort={sort}" + ("&q=haus" if sort == "relevance" else "")
            for start, step in (("", "next_url"), ("&page=9.last", "previous_url")):
                with self.subTest(sort, step=step):
                    self.assertEqual(sorted(self.walk(query + start, step, old)), sorted(old))

    def walk(self, url, step, old):
        seen = []
        while url:
            page = self.client.get("/lettings/" + url).context["page"]
            seen += [letting.pk for letting in page.rows if letting.pk in old]
            url = getattr(page, step).removeprefix("/lettings/")
            make_letting("Haus", price=80, sleeps=4, published_at=NOON + timedelta(days=12))
            make_letting("New", "haus", price=None, sleeps=None)
        return seen

    def test_the_row_of_a_mark_is_deleted(self):
        page = self.client.get("/lettings/").context["page"]
        page.rows[-1].delete()
        following = self.client.get("/lettings/" + page.next_url).context["page"]
        expected = Letting.objects.newest()[23:47]
        self.assertEqual([x.pk for x in following.rows], [x.pk for x in expected])


class CountTests(TransactionTestCase):
    def test_rows_are_counted_once_until_the_data_changes(self):
        lettings = make_lettings(30)
        for queries, change in ((2, None), (2, lettings[0].delete), (2, None)):
            with CaptureQueriesContext(connection) as captured:
                count = self.client.get("/lettings/").context["page"].count
            self.assertLessEqual(len(captured), queries)
            self.assertEqual(count, Letting.objects.count())
            if change:
                change()
        with CaptureQueriesContext(connection) as captured:
            self.client.get("/lettings/")
        self.assertNotIn("COUNT", " ".join(query["sql"] for query in captured))

    def test_a_count_expires(self):
        count = paginator.Count("old")
        count.keep(7)
        self.assertEqual(paginator.Count("old").get(), 7)
        with mock.patch.object(paginator, "COUNT_SECONDS", -1):
            count.keep(7)
        self.assertIsNone(paginator.Count("old").get())

    def test_the_number_of_counts_is_limited(self):
        with mock.patch.object(paginator, "MOST_COUNTS", 3):
            for number in range(9):
                paginator.Count(f"n{number}").keep(number)
        self.assertLessEqual(len(paginator._counts), 3)

    def test_without_a_generation_nothing_is_remembered(self):
        with mock.patch.object(paginator, "generation", return_value=None):
            paginator.Count("none").keep(7)
            self.assertIsNone(paginator.Count("none").get())


class ExtensionTests(TestCase):
    def test_without_permission_the_error_names_the_command(self):
        refused = search.ProgrammingError("permission denied")
        with (
            mock.patch.object(search, "run", side_effect=refused),
            self.assertRaisesMessage(search.ProgrammingError, "CREATE EXTENSION pg_trgm"),
        ):
            search._create_extension(connection)
