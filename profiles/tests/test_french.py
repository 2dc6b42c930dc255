"""The pages of profiles under /fr/."""

from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.test import TestCase

from .factories import make_person

NBSP = "\N{NO-BREAK SPACE}"


class FrenchTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        joined = datetime(2021, 2, 9, tzinfo=UTC)
        cls.profile = make_person("AirWow", city="Budapest", date_joined=joined)

    def test_all_of_them(self):
        response = self.client.get("/fr/profiles/")
        self.assertContains(response, "<h1>Profils</h1>", html=True)
        self.assertContains(response, "Aime Budapest")

    def test_one(self):
        response = self.client.get("/fr/profiles/AirWow/")
        self.assertContains(response, '<time datetime="2021-02">février 2021</time>', html=True)
        self.assertContains(response, "AirWow ne propose aucun logement pour le moment.")
        said = f"AirWow sur Orange County Lettings{NBSP}; ville préférée{NBSP}: Budapest"
        self.assertContains(response, f'<meta name="description" content="{said}">', html=True)

    def test_english_is_unchanged(self):
        response = self.client.get("/profiles/AirWow/")
        self.assertContains(response, '<time datetime="2021-02">February 2021</time>', html=True)
        self.assertContains(response, "AirWow at Orange County Lettings, favourite city Budapest")

    def test_following(self):
        self.client.force_login(User.objects.create_user("DasLama"))
        path = "/fr/profiles/AirWow/follow/"
        self.assertContains(self.client.get(path), f"<h1>Suivre AirWow{NBSP}?</h1>", html=True)
        response = self.client.post(path, {"do": "follow"}, follow=True)
        self.assertContains(response, "Vous suivez AirWow.")
        self.assertContains(response, "Ne plus suivre")
        response = self.client.get("/fr/lettings/feed/")
        link = '<a href="/fr/profiles/AirWow/">AirWow</a>'
        self.assertContains(response, f"<p>Vous suivez {link}.</p>", html=True)

    def test_the_admin(self):
        self.client.force_login(User.objects.create_superuser("root"))
        response = self.client.get("/fr/admin/profiles/profile/")
        for words in ("Membre depuis", "Ville préférée", "Compte", "février 2021"):
            self.assertContains(response, words)
