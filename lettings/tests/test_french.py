"""The pages of lettings under /fr/: words, plurals, money, dates, and states by their names."""

from datetime import UTC, datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import SimpleTestCase, TestCase
from django.utils.translation import override

from core.tests.pages import folded
from lettings.browsing.forms import IndexForm
from lettings.browsing.listing import labels
from lettings.models import Address, Letting
from lettings.places import STATES, state_code
from lettings.templatetags import lettings_display

from .factories import make_letting
from .host_case import HostTestCase, make_profile

NBSP = "\N{NO-BREAK SPACE}"


def spaced(text):
    """Write no-break spaces as "_", which can be seen."""
    return text.replace(NBSP, "_")


class WordsTests(SimpleTestCase):
    def setUp(self):
        french = override("fr")
        french.__enter__()
        self.addCleanup(french.__exit__, None, None, None)

    def test_prices(self):
        for (price, currency), shown in {
            ("120.00", "USD"): "<b>120_$</b> la nuit",
            ("1250.50", "USD"): "<b>1_250,50_$</b> la nuit",
            ("99.50", "EUR"): "<b>99,50_€</b> la nuit",
            ("80.00", "CHF"): "<b>80_CHF</b> la nuit",
        }.items():
            letting = Letting(price=Decimal(price), currency=currency)
            self.assertEqual(spaced(lettings_display.price(letting)), shown)
        self.assertEqual(lettings_display.price(Letting()), "Prix pas encore indiqué")
        self.assertEqual(spaced(lettings_display.thousands(100006)), "100_006")

    def test_facts(self):
        for (bedrooms, sleeps), shown in {
            (0, None): "Studio",
            (1, 1): "1 chambre · 1 couchage",
            (2, 4): "2 chambres · 4 couchages",
            (None, 4): "4 couchages",
        }.items():
            self.assertEqual(
                lettings_display.facts(Letting(bedrooms=bedrooms, sleeps=sleeps)), shown
            )

    def test_filters_in_force(self):
        asked = {
            "q": "or",
            "place": "ga",
            "price_min": Decimal("80.50"),
            "sleeps": 1,
            "bedrooms": 2,
        }
        self.assertEqual(
            [spaced(label) for label in labels(asked).values()],
            [
                "«_or_»",
                "Lieu_: Géorgie",
                "Au moins 80,50 par nuit, quelle que soit la devise",
                "1 couchage ou plus",
                "2 chambres ou plus",
            ],
        )

    def test_the_forms_labels_follow_the_active_language(self):
        """Its labels are made once, when the code is read."""
        french = IndexForm(QueryDict())
        self.assertEqual(french["place"].label, "Ville ou État")
        self.assertIn("Prix croissant", str(french["sort"]))
        with override("en"):
            self.assertEqual(french["place"].label, "City or state")
            self.assertIn("Price, lowest first", str(french["sort"]))


class PlacesTests(SimpleTestCase):
    def test_states_are_found_by_their_names_in_every_language(self):
        for language in ("en", "fr"):
            with override(language):
                for code, name in STATES.items():
                    address = Address(state=code)
                    self.assertEqual(state_code(name), code)
                    self.assertEqual(state_code(lettings_display.state_name(address)), code)
        for text, code in {
            "caroline du nord": "NC",
            "georgie": "GA",
            "Virginie Occidentale": "WV",
            "Hawaï": "HI",
        }.items():
            self.assertEqual(state_code(text), code, text)


class PagesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        host = make_profile("AirWow")
        cls.letting = make_letting("Silo", price=Decimal(1250), sleeps=1, bedrooms=0, host=host)

    def page(self, path, **query):
        response = self.client.get(path, query)
        self.assertEqual(response.status_code, 200)
        return spaced(folded(response))

    def test_the_list(self):
        page = self.page("/fr/lettings/")
        self.assertIn('class="count">1 logement</h2>', page)
        self.assertIn("<b>1_250_$</b> la nuit", page)
        self.assertIn("Studio · 1 couchage", page)
        make_letting("Another", city="Willoughby", state="OH")
        self.assertIn('class="count">2 logements</h2>', self.page("/fr/lettings/"))

    def test_filters_and_notices(self):
        page = self.page(
            "/fr/lettings/", place="Géorgie", price_min="abc", price_max="1 300,50", sort="price"
        )
        self.assertIn("1 logement trouvé</h2>", page)
        self.assertIn("«_abc_» ne convient pas pour «_Prix minimum_»_; nous", page)
        self.assertIn("Lieu_: Géorgie", page)
        self.assertIn("Au plus 1300,50 par nuit", page)
        page = self.page("/fr/lettings/", page="99", sleeps="9")
        self.assertIn("Aucun logement trouvé</h2>", page)
        self.assertIn("La dernière page est la 1_; la voici.", page)

    def test_one_letting(self):
        page = self.page(f"/fr/lettings/{self.letting.pk}/")
        self.assertIn('Brunswick, Géorgie_; chez <a href="/fr/profiles/AirWow/">AirWow</a>', page)
        self.assertIn("<dt>Couchages</dt> <dd>1</dd>", page)
        self.assertIn("Brunswick, GA 31525<br>États-Unis", page)
        self.assertIn('content="Location de vacances_: Brunswick, Géorgie."', page)
        self.assertIn('"price": "1250.00"', page)  # for machines, as they write it

    def test_english_is_unchanged(self):
        page = self.page(f"/lettings/{self.letting.pk}/")
        self.assertIn('Brunswick, Georgia; hosted by <a href="/profiles/AirWow/">AirWow</a>', page)
        self.assertIn("<b>$1,250</b> a night", page)


class HostTests(HostTestCase):
    def test_what_is_still_missing(self):
        fields = {"price": "beaucoup", "state": "Géorgie"}
        response = self.send(f"/fr/lettings/{self.letting.pk}/edit/", "publish", **fields)
        page = spaced(response.content.decode())
        self.assertIn("mais il ne peut pas encore être publié", page)
        self.assertIn('<a href="#id_price">Prix par nuit</a>_: Saisissez un nombre.', page)
        self.assertIn('<a href="#id_state">État</a>_: Deux lettres, comme GA.', page)

    def test_a_price_as_the_french_write_it(self):
        path = f"/fr/lettings/{self.letting.pk}/edit/"
        response = self.send(path, "publish", price=f"1{NBSP}299,50")
        self.assertShowsMessage(response, f"«{NBSP}Oceanview Retreat{NBSP}» est publié.")
        self.letting.refresh_from_db()
        self.assertEqual(self.letting.price, Decimal("1299.50"))

    def test_my_lettings(self):
        moment = datetime(2999, 2, 1, 9, 30, tzinfo=UTC)
        Letting.objects.filter(pk=self.letting.pk).update(published_at=moment)
        response = self.client.get("/fr/lettings/mine/")
        self.assertIn("0 publié, 1 non public</h2>", folded(response))
        self.assertContains(response, "Public à partir du 1er février 2999 09:30 UTC")


class AdminTests(TestCase):
    def test_it_speaks_french(self):
        self.client.force_login(User.objects.create_superuser("root"))
        letting = make_letting("Silo Studio")
        page = self.client.get("/fr/admin/lettings/letting/").content.decode()
        for words in ("Prix par nuit", "publication à venir", "Dépublier les logements", "Lieu"):
            self.assertIn(words, page)
        sent = {"action": "unpublish", "_selected_action": [letting.pk]}
        response = self.client.post("/fr/admin/lettings/letting/", sent, follow=True)
        self.assertContains(response, f"1 logement dépublié{NBSP}: Silo Studio.")
        response = self.client.post("/fr/admin/lettings/letting/", sent, follow=True)
        self.assertContains(response, f"1 logement n’était pas publié{NBSP}: rien n’a changé.")
