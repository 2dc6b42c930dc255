"""Lettings and places are found however their words are written, on every database."""

import pytest
from django.contrib.auth.models import User
from django.test import TestCase

from lettings import search
from lettings.models import Letting
from lettings.places import form_of, meanings
from lettings.search.words import indexed, nearest, words_of

from .factories import make_letting

TITLES = {
    "Wi-Fi in the cabin": ["wifi", "wi-fi", "Wi‑Fi", "WiFi", "wi fi", "ＷＩＦＩ", "wi\u00adfi"],
    "Wifi everywhere": ["wifi everywhere", "wi-fi everywhere"],
    "Chez les sœurs": ["soeur", "sœur", "SŒURS", "soeurs", "so\u200beurs"],
    "Rue de Łódź": ["lodz", "Łódź", "ŁÓDŹ", "lo\u0301dz"],
    "हिन्दी घर": ["हिन्दी", "हिन्दी घर"],
    "บ้านริมน้ำ": ["บ้านริมน้ำ"],
    "東京の家": ["東京の家"],
    "Дача у моря": ["дача", "ДАЧА"],
    "Ὀδυσσεύς": ["οδυσσευς", "ΟΔΥΣΣΕΥΣ"],
    "بيت أحمد": ["بيت احمد", "بَيْت"],
    "Home of 3½ rooms": ["3½", "3 1/2 rooms", "½"],
    "2 BR by the lake": ["2 BR", "2br", "2 br lake"],
    "L’île d’Orléans": ["ile", "île", "l'ile", "l’Île", "orleans", "d'Orléans"],
    "Straße am Fluß": ["strasse", "STRASSE", "fluss"],
    "Smørrebrød & Þingvellir": ["smorrebrod", "thingvellir"],
    "T-shirt beach": ["tshirt", "t-shirt", "t shirt"],
    "O'Brien's": ["obriens", "o’brien’s"],
    "Eﬃcient ﬂat": ["efficient", "flat"],
}
CITIES = {
    ("Cañon City", "CO"): ["Canon City", "cañon city", "CANON CITY, co", "Cañon City, Colorado"],
    ("Coeur d'Alene", "ID"): ["Coeur d’Alene", "coeur dalene", "Cœur d'Alene", "Coeur d Alene"],
    ("Winston-Salem", "NC"): ["Winston Salem", "winston–salem", "Winston Salem, N.C."],
    ("St. Louis", "MO"): ["St Louis", "Saint Louis", "saint-louis", "ST. LOUIS MO"],
    ("Saint Paul", "MN"): ["St. Paul", "st paul, Minnesota"],
    ("Washington", "DC"): ["Washington, D.C.", "Washington, DC", "washington d.c.", "D.C."],
    ("Ft. Lauderdale", "FL"): ["Fort Lauderdale", "ft lauderdale"],
    ("Fort Worth", "TX"): ["Ft. Worth", "Ft Worth TX"],
    ("Mount Vernon", "NY"): ["Mt. Vernon", "mt vernon, New York"],
    ("Butte", "MT"): ["MT", "Butte, Montana", "Butte MT"],
    ("Sault Ste. Marie", "MI"): ["Sault Sainte Marie", "sault ste marie"],
    ("Kāneʻohe", "HI"): ["Kaneohe", "Kane'ohe", "kāne‘ohe, hawaiʻi"],
    ("O’Fallon", "IL"): ["OFallon", "o'fallon"],
    ("Doña Ana", "NM"): ["dona ana", "Don\u0303a Ana"],
}


class TitleTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        for title in TITLES:
            make_letting(title, city="Elsewhere", state="OH")
        make_letting("Third house", city="Elsewhere", state="OH")

    def test_every_spelling_finds_its_title(self):
        for title, spellings in TITLES.items():
            for text in [title, *spellings]:
                found = search.matching(Letting.objects.all(), text)
                self.assertIn(title, found.values_list("title", flat=True), text)
                self.assertEqual(search.correct(text), {}, text)

    def test_page_and_api_agree(self):
        for text in ("wifi", "soeur", "lodz", "हिन्दी", "2 BR"):
            page = self.client.get("/lettings/", {"q": text}).context["page"]
            answer = self.client.get("/api/v1/lettings", {"q": text}).json()
            titles = [letting["title"] for letting in answer["items"]]
            self.assertEqual([letting.title for letting in page.rows], titles)
            self.assertTrue(titles, text)

    def test_all_words_of_parts_are_not_one_of_them(self):
        make_letting("Fi house", city="Elsewhere", state="OH")
        found = search.matching(Letting.objects.all(), "wi-fi").values_list("title", flat=True)
        self.assertNotIn("Fi house", found)
        make_letting("House with A/C", city="Elsewhere", state="OH")
        self.assertFalse(search.matching(Letting.objects.all(), "D.C.").exists())
        self.assertFalse(search.matching(Letting.objects.all(), "31 rooms").exists())

    def test_a_word_that_is_too_far_is_no_correction(self):
        Letting.objects.filter(title__startswith="T-shirt").delete()
        self.assertEqual(search.correct("tshirt"), {})


class PlaceTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        for city, state in CITIES:
            make_letting(f"In {city}", city=city, state=state)

    def test_every_spelling_finds_its_place(self):
        for (city, _state), spellings in CITIES.items():
            for text in [city, *spellings]:
                found = search.in_place(Letting.objects.all(), text)
                self.assertEqual([each.title for each in found], [f"In {city}"], text)

    def test_the_search_finds_them_too(self):
        for text in ("saint louis", "st louis", "canon city", "winston salem", "fort lauderdale"):
            self.assertEqual(search.matching(Letting.objects.all(), text).count(), 1, text)

    def test_page_and_api_agree(self):
        for text in ("Canon City", "Washington, D.C.", "St Louis"):
            page = self.client.get("/lettings/", {"place": text}).context["page"]
            answer = self.client.get("/api/v1/lettings", {"place": text}).json()
            self.assertEqual(len(page.rows), 1)
            self.assertEqual(len(answer["items"]), 1)

    def test_the_admin_finds_them_too(self):
        self.client.force_login(User.objects.create_superuser("staff"))
        for text in ("canon city", "St Louis", "coeur"):
            page = self.client.get("/admin/lettings/letting/", {"q": text})
            self.assertEqual(page.context["cl"].result_count, 1, text)

    def test_a_place_that_moves(self):
        letting = Letting.objects.get(title="In Butte")
        letting.address.city = "Cœur"
        letting.address.save()
        self.assertEqual(search.in_place(Letting.objects.all(), "coeur").get(), letting)
        self.assertFalse(search.in_place(Letting.objects.all(), "Butte").exists())

    def test_nothing_is_no_place(self):
        self.assertFalse(search.in_place(Letting.objects.all(), "…!").exists())


@pytest.mark.parametrize("city", ["Fort", "St", "Mt. St. Helens", "Saint-Denis", "a.b"])
def test_a_form_is_its_own_form(city):
    assert form_of(form_of(city)) == form_of(city) != ""


def test_the_letters_of_a_state_are_no_abbreviation():
    assert ("", "MT") in meanings("mt")
    assert ("", "MT") in meanings("M.T.")


@pytest.mark.parametrize(
    "wrong, known",
    [("tshirt", "third"), ("house", "mouse trap"), ("lake", "bark"), ("cabins", "casino")],
)
def test_two_errors_in_a_short_word_are_another_word(wrong, known):
    assert nearest(wrong, [known]) is None


def test_a_word_without_end_is_bounded():
    assert max(map(len, indexed("a" * 5000 + "-b" * 5000).split())) == 64
    assert words_of("-" * 100) == []
