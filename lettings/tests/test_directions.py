"""Texts from right to left turn nothing around them."""

from django.contrib.auth.models import User
from django.test import TestCase

from core.templatetags.texts import bdi
from core.text.shown import isolated

from .factories import make_letting

TITLE, CITY, NAME = "בית 12!", "القدس", "דנה"


class DirectionTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user(NAME)
        cls.letting = make_letting(
            TITLE, "שלום (שם).", city=CITY, state="NY", host=cls.user.profile
        )

    def test_they_are_isolated_on_every_page(self):
        self.client.force_login(self.user)
        texts = {
            TITLE: f"<bdi>{TITLE}</bdi>",
            CITY: f"<bdi>{CITY}</bdi>",
            NAME: f"<bdi>{NAME}</bdi>",
        }
        for path, shown in {
            "/": [TITLE, CITY],
            "/lettings/": [TITLE, CITY],
            f"/lettings/{self.letting.pk}/": [TITLE, CITY, NAME],
            f"/lettings/{self.letting.pk}/save/": [TITLE],
            f"/lettings/{self.letting.pk}/delete/": [TITLE],
            f"/lettings/{self.letting.pk}/edit/": [TITLE],
            "/lettings/mine/": [TITLE, CITY],
            "/profiles/": [NAME],
            f"/profiles/{NAME}/": [NAME, TITLE],
            "/accounts/": [NAME],
        }.items():
            page = self.client.get(path)
            for text in shown:
                self.assertContains(page, texts[text], msg_prefix=path)

    def test_a_description_has_its_own_direction(self):
        page = self.client.get(f"/lettings/{self.letting.pk}/")
        self.assertContains(page, '<div class="prose" dir="auto"><p>שלום')

    def test_a_message_isolates_the_name(self):
        self.client.force_login(self.user)
        page = self.client.post(f"/lettings/{self.letting.pk}/save/", {"do": "save"}, follow=True)
        self.assertContains(page, f"“\u2068{TITLE}\u2069” is saved.")

    def test_what_is_typed_has_its_own_direction(self):
        self.client.force_login(self.user)
        page = self.client.get("/lettings/new/")
        self.assertRegex(page.content.decode(), r'<input[^>]+name="title"[^>]+dir="auto"')

    def test_other_texts_stay_as_they_are(self):
        for text in ("Tipi", "東京 5", "a <b>", ""):
            self.assertEqual((bdi(text), isolated(text)), (text, text))
