"""A letting's bathrooms: the number has halves, on pages, in forms, filters and the API."""

from decimal import Decimal

from django.db import connection
from django.test import TestCase
from django.utils import translation

from lettings.browsing.listing import labels
from lettings.browsing.structured_data import letting_data
from lettings.hosting import drafts
from lettings.models import Address, Letting
from lettings.templatetags.lettings_display import facts, sizes

from .factories import make_letting
from .host_case import HostTestCase
from .test_api_host import NEW, HostCase

NUMBERS = "0 0.5 1 1.5 2 2.5 3 99"
CARDS = {
    "en": "0 bathrooms,0.5 bathrooms,1 bathroom,1.5 bathrooms,2 bathrooms,2.5 bathrooms,"
    "3 bathrooms,99 bathrooms",
    "fr": "0 salle de bains,0,5 salle de bains,1 salle de bains,1,5 salle de bains,"
    "2 salles de bains,2,5 salles de bains,3 salles de bains,99 salles de bains",
}
FILTERS = {
    "en": "0.5 or more bathrooms,1 or more bathrooms,1.5 or more bathrooms,2 or more bathrooms",
    "fr": "0,5 salle de bains ou plus,1 salle de bains ou plus,1,5 salle de bains ou plus,"
    "2 salles de bains ou plus",
}
# What a host may type, and the number it is.
TYPED = {"": None, "0": 0, "-0": 0, "2": 2, "2.0": 2, "1.5": 1.5, "1,5": 1.5, " 1.50 ": 1.5}
REFUSED = ("1.3", "1.25", "-1", "-0.5", "99.5", "100", "1e400", "nan", "1/2", "two")


class WordsTests(TestCase):
    def test_cards(self):
        for language, words in CARDS.items():
            with translation.override(language):
                said = [facts(Letting(bathrooms=Decimal(n))) for n in NUMBERS.split()]
                self.assertEqual(",".join(said), words)
        letting = Letting(bedrooms=0, bathrooms=Decimal("1.0"), sleeps=2)
        self.assertEqual(facts(letting), "Studio · 1 bathroom · sleeps 2")

    def test_filters(self):
        for language, words in FILTERS.items():
            with translation.override(language):
                asked = [{"bathrooms": Decimal(n)} for n in ("0.5", "1.0", "1.5", "2.0")]
                said = [labels(each)["bathrooms"] for each in asked]
                self.assertEqual(",".join(said), words)

    def test_a_page(self):
        letting = make_letting("Haus", bathrooms="1.5")
        letting.refresh_from_db()
        self.assertEqual(sizes(letting), [("Bathrooms", "1.5")])
        page = self.client.get(f"/fr/lettings/{letting.pk}/")
        self.assertContains(page, "<dt>Salles de bains</dt>", html=True)
        self.assertContains(page, "<dd>1,5</dd>", html=True)

    def test_search_engines_are_told_of_full_ones_and_halves(self):
        for number, told in {
            "0": (0, 0, 0),
            "1.5": (2, 1, 1),
            "0.5": (1, 0, 1),
            "2": (2, 2, 0),
        }.items():
            letting = make_letting("Haus", bathrooms=Decimal(number))
            place = letting_data(letting, str)["containsPlace"]
            found = [
                place[f"numberOf{name}"]
                for name in ("BathroomsTotal", "FullBathrooms", "PartialBathrooms")
            ]
            self.assertEqual(tuple(found), told, number)

    def test_the_release_before_goes_on_writing(self):
        """It names the columns that it knows."""
        letting = make_letting("Haus", bathrooms=2)
        free = Address.objects.create(number=1, street="Street", city="City", state="GA")
        known = [f.column for f in Letting._meta.local_fields if f.name not in ("id", "bathrooms")]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO lettings_letting ({', '.join(known)}) SELECT"
                f" {', '.join(known).replace('address_id', '%s')} FROM lettings_letting",
                [free.pk],
            )
        self.assertIsNone(Letting.objects.exclude(pk=letting.pk).get().bathrooms)


class FormTests(HostTestCase):
    def number(self, typed):
        """Return what a typed text is saved as; raise AssertionError if it is refused."""
        draft = drafts.for_letting(self.letting, self.host)
        draft.data["words"]["bathrooms"] = typed
        form = drafts.form_of(draft, check=True)
        self.assertEqual(form.errors, {})
        form.instance.save()
        form.instance.refresh_from_db()
        return form.instance.bathrooms

    def test_what_is_typed(self):
        for typed, number in TYPED.items():
            self.assertEqual(
                str(self.number(typed)), "None" if number is None else f"{number:.1f}"
            )

    def test_what_is_refused(self):
        for typed in REFUSED:
            draft = drafts.for_letting(self.letting, self.host)
            draft.data["words"]["bathrooms"] = typed
            self.assertEqual(list(drafts.form_of(draft, check=True).errors), ["bathrooms"], typed)

    def test_the_form_shows_it_as_it_is_said(self):
        path = f"/lettings/{self.letting.pk}/edit/"
        for number, shown in (("2.0", "2"), ("1.5", "1.5")):
            Letting.objects.update(bathrooms=number)
            self.assertContains(self.client.get(path), f'name="bathrooms" value="{shown}"')

    def test_a_draft_of_the_release_before(self):
        draft = self.make_draft()
        self.assertNotIn("bathrooms", draft.data["words"])
        self.send(draft.get_absolute_url(), "publish")
        self.assertIsNone(Letting.objects.get(title="Silo Studio").bathrooms)


class FilterTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        for number in (None, "1.0", "1.5", "2.0"):
            make_letting(f"Haus {number}", bathrooms=number)

    def test_what_is_asked_for(self):
        for asked, found, address in (
            ("1", 3, "1"),
            ("1,5", 2, "1.5"),
            ("1.50", 2, "1.5"),
            ("2.0", 1, "2"),
            ("99", 0, "99"),
        ):
            context = self.client.get("/lettings/", {"bathrooms": asked}).context
            self.assertEqual((context["page"].count, context["notices"]), (found, []), asked)
            other = self.client.get("/lettings/", {"bathrooms": asked, "q": "haus"}).context
            self.assertEqual(other["active"][0].remove_url, f"?bathrooms={address}")

    def test_what_is_left_out(self):
        for asked in ("1.3", "-1", "99.5", "1e9", "nan", "many"):
            context = self.client.get("/lettings/", {"bathrooms": asked}).context
            self.assertEqual((context["page"].count, len(context["notices"])), (4, 1), asked)

    def test_api(self):
        for asked, found in (("0", 4), ("1", 3), ("1.500", 2), ("2.0", 1)):
            answer = self.client.get("/api/v1/lettings", {"bathrooms": asked})
            self.assertEqual(answer.json()["count"], found, asked)
        for asked in ("1.3", "1,5", "nan", "99.5", ""):
            answer = self.client.get("/api/v1/lettings", {"bathrooms": asked})
            self.assertEqual(answer.status_code, 422, asked)


class ApiTests(HostCase):
    def test_what_is_sent(self):
        for sent in (1.5, 2, 0, -0.0, 99, None):
            made = self.ask("POST", "", NEW | {"bathrooms": sent}, 201).json()
            self.assertEqual(made["bathrooms"], sent)
            self.assertNotEqual(str(made["bathrooms"]), "-0.0")
        changed = self.ask("PATCH", f"/{made['id']}", {"bathrooms": 0.5}, If_Match="*").json()
        self.assertEqual(changed["bathrooms"], 0.5)

    def test_what_is_refused(self):
        for sent, words in {
            1.3: "Ensure this value is a multiple of step size 0.5.",
            -0.5: "Ensure this value is greater than or equal to 0.0.",
            99.5: "Ensure this value is less than or equal to 99.0.",
            "1.5": "Enter a number.",
            True: "Enter a number.",
            10**400: "Enter a number.",
        }.items():
            found = self.errors("POST", "", NEW | {"bathrooms": sent})
            self.assertEqual(found, {"bathrooms": words})
