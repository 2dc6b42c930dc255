"""How lettings are shown: the filters and tags of the templates."""

from decimal import Decimal
from xml.etree import ElementTree

from django.contrib.staticfiles import finders
from django.test import SimpleTestCase

from lettings.browsing.tile_map import TILES, drawing
from lettings.models import Address, Letting
from lettings.places import STATES
from lettings.templatetags import lettings_display


class DisplayTests(SimpleTestCase):
    def test_prices(self):
        cases = {
            ("120.00", "USD"): "<b>$120</b> a night",
            ("1250.50", "USD"): "<b>$1,250.50</b> a night",
            ("99.99", "EUR"): "<b>€99.99</b> a night",
            ("80.00", "CHF"): "<b>CHF\N{NO-BREAK SPACE}80</b> a night",
        }
        for (price, currency), shown in cases.items():
            with self.subTest(shown):
                letting = Letting(price=Decimal(price), currency=currency)
                self.assertEqual(lettings_display.price(letting), shown)
        self.assertEqual(lettings_display.price(Letting()), "Price not given yet")

    def test_facts(self):
        cases = {
            (None, None): "",
            (0, None): "Studio",
            (1, 2): "1 bedroom · sleeps 2",
            (2, 1): "2 bedrooms · sleeps 1",
            (None, 4): "Sleeps 4",
        }
        for (bedrooms, sleeps), shown in cases.items():
            with self.subTest(shown):
                self.assertEqual(
                    lettings_display.facts(Letting(bedrooms=bedrooms, sleeps=sleeps)), shown
                )

    def test_places(self):
        self.assertEqual(lettings_display.state_name(Address(state="GA")), "Georgia")
        self.assertEqual(lettings_display.state_name(Address(state="PR")), "PR")
        abroad = Address(state="GA", country_iso_code="ESP")
        self.assertEqual(
            (lettings_display.state_name(abroad), lettings_display.country_name(abroad)),
            ("GA", "ESP"),
        )

    def test_a_summary_fits_a_search_result(self):
        address = Address(city="Brunswick", state="GA")
        letting = Letting(address=address, description="word " * 100)
        self.assertEqual(len(lettings_display.summary(letting)), 160)
        letting.description = ""
        self.assertEqual(
            lettings_display.summary(letting), "A holiday home in Brunswick, Georgia."
        )

    def test_every_state_has_a_tile_of_its_own(self):
        self.assertEqual(set(TILES), set(STATES))
        self.assertEqual(len({(tile.column, tile.row) for tile in TILES.values()}), len(STATES))

    def test_the_map_is_the_one_that_the_code_draws(self):
        with open(finders.find("lettings/tiles.svg")) as file:
            self.assertEqual(file.read(), drawing(), "type: python -m lettings.browsing.tile_map")
        ElementTree.fromstring(drawing())
