"""Each filter and order of the index uses a database index, at 100,000 lettings."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.test import TestCase
from django.utils import timezone

from lettings import search
from lettings.browsing.listing import filtered
from lettings.browsing.orders import ORDERS
from lettings.models import SIZES, Letting

# SQLite plans by what indexes there are: without statistics it knows no number of rows.
ROWS = 100_000 if connection.vendor == "postgresql" else 10_000
# What the number n of a row makes of it: rare values are asked for, common ones are around them.
COLUMNS = {
    "price": "CASE WHEN n % 10 = 0 THEN NULL WHEN n % 1000 = 3 THEN 20"
    " WHEN n % 1000 = 5 THEN 900 ELSE 50 + n % 400 END",
    "sleeps": "CASE WHEN n % 1000 = 0 THEN 12 WHEN n % 7 = 0 THEN NULL ELSE 1 + n % 6 END",
    "bedrooms": "CASE WHEN n % 1000 = 1 THEN 9 ELSE n % 4 END",
    "bathrooms": "CASE WHEN n % 1000 = 4 THEN 7.5 ELSE 1 + n % 3 END",
    "title": "CASE WHEN n % 1000 = 2 THEN 'Lighthouse' ELSE 'House' END",
}
MOMENT = {
    "postgresql": "%s::timestamptz - n * interval '1 minute'",
    "sqlite": "datetime(%s, '-' || n || ' minutes')",
}
SERIES = {
    "postgresql": f"generate_series(1, {ROWS}) AS n",
    "sqlite": "(WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series"
    f" WHERE n < {ROWS}) SELECT n FROM series)",
}
FILL_SEARCH = {
    "postgresql": "INSERT INTO lettings_search SELECT letting.id,"
    " to_tsvector('lettings_words', title), lower(replace(city, ' ', '')), state",
    "sqlite": "INSERT INTO lettings_search_text SELECT letting.id, address_id, title, '', '',"
    " lower(replace(city, ' ', '')), state",
}
OF_LETTINGS = (
    " FROM lettings_letting AS letting JOIN lettings_address AS address ON address.id = address_id"
)


def fill():
    """Make the rows by SQL, with the triggers away: the transaction's end puts them back."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            # No statement of the site's makes so much: a busy machine takes longer than they may.
            cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in search.backend_of(connection).DROP_TRIGGERS:
            cursor.execute(statement)
        cursor.execute(
            "INSERT INTO lettings_address (id, number, street, city, state, zip_code,"
            " country_iso_code) SELECT n, 1, 'Street', 'City ' || n % 2000,"
            " CASE WHEN n % 1000 = 3 THEN 'GA' ELSE 'OH' END, '31525', 'USA'"
            f" FROM {SERIES[vendor]}"
        )
        cursor.execute(
            "INSERT INTO lettings_letting (id, address_id, title, description, currency, price,"
            f" {', '.join(SIZES)}, published_at) SELECT n, n, {COLUMNS['title']}, '', 'USD',"
            f" {COLUMNS['price']}, {', '.join(COLUMNS[name] for name in SIZES)},"
            f" {MOMENT[vendor]} FROM {SERIES[vendor]}".replace("% ", "%% "),
            [timezone.now() - timedelta(days=1)],
        )
        cursor.execute(FILL_SEARCH[vendor] + OF_LETTINGS)
        if vendor == "postgresql":
            cursor.execute("ANALYZE lettings_address, lettings_letting, lettings_search")


def plan(rows):
    sql, params = rows.values("pk").query.sql_with_params()
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql, params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


class PlanTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        fill()

    def test_orders(self):
        for name, index in {
            "newest": "lettings_newest",
            "price": "lettings_price_up",
            "-price": "lettings_price_down",
            "sleeps": "lettings_sleeps_most",
        }.items():
            order, lettings = ORDERS[name], Letting.objects.published()
            deep = order.apply(lettings)[ROWS * 6 // 10]
            place = order.place(order.mark(deep))
            for backwards in (False, True):
                with self.subTest(name, backwards=backwards):
                    used = plan(order.apply(lettings, backwards=backwards)[:25])
                    self.assertIn(index, used)
                    self.assertNotIn("Sort", used)
                    self.assertNotIn("TEMP B-TREE", used)
                    used = plan(order.beyond(lettings, place, backwards=backwards)[:25])
                    self.assertIn(index, used)
                    self.assertNotIn("Sort", used)
                    self.assertNotIn("TEMP B-TREE", used)
                    self.assertRegex(used, rf"Index Cond|SEARCH lettings_letting USING .*{index}")

    def test_filters(self):
        """Without statistics SQLite prefers the order's index to that of a range."""
        ranges = {"price_min", "price_max", "sleeps", "bedrooms", "bathrooms"}
        for asked, index in (
            ({"price_max": 20}, "lettings_price"),
            ({"price_min": 900}, "lettings_price"),
            ({"sleeps": 12}, "lettings_sleeps"),
            ({"bedrooms": 9}, "lettings_bedrooms"),
            ({"bathrooms": Decimal("7.5")}, "lettings_bathrooms"),
            ({"place": "Georgia"}, "lettings_search_state"),
            ({"place": "city 77"}, "lettings_search_city"),
            ({"place": "City 77, GA"}, "lettings_search_city"),
        ):
            if connection.vendor == "sqlite" and ranges & set(asked):
                index = "lettings_newest"
            with self.subTest(asked):
                rows = filtered(Letting.objects.published(), asked)
                self.assertIn(index, plan(ORDERS["newest"].apply(rows)[:25]))

    def test_search(self):
        index = {"postgresql": "lettings_search_document", "sqlite": "VIRTUAL TABLE INDEX 0:M"}
        rows = filtered(Letting.objects.published(), {"q": "lighthouses"})
        for order in ("relevance", "newest"):
            used = plan(ORDERS[order].apply(rows)[:25])
            self.assertIn(index[connection.vendor], used)
        self.assertEqual(rows.count(), ROWS // 1000)

    def test_words_and_a_place(self):
        """SQLite must not try each pair of a match and a letting of that place."""
        rows = filtered(Letting.objects.published(), {"q": "house", "place": "Georgia"})
        self.assertNotIn("address_id=? AND rowid=?", plan(ORDERS["newest"].apply(rows)[:25]))
