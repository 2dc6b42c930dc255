"""GET /api/v1/profiles and /api/v1/profiles/<name>"""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import TestCase

from profiles.models import Profile


class ApiTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        users = User.objects.bulk_create(User(username=f"user{n:02}") for n in range(30))
        Profile.objects.bulk_create(Profile(user=user, favorite_city="Berlin") for user in users)

    def test_the_list_in_pages(self):
        with self.assertNumQueries(1):
            first = self.client.get("/api/v1/profiles").json()
        second = self.client.get(first["next"]).json()
        names = [each["username"] for each in first["items"] + second["items"]]
        self.assertEqual(names, [f"user{n:02}" for n in range(30)])
        self.assertEqual((len(first["items"]), second["next"]), (24, None))

    def test_one(self):
        found = self.client.get("/api/v1/profiles/user07").json()
        self.assertEqual(
            found,
            {
                "username": "user07",
                "url": "http://testserver/profiles/user07/",
                "favorite_city": "Berlin",
                "about": "",
                "picture": None,
                "lettings": "http://testserver/api/v1/profiles/user07/lettings",
            },
        )

    def test_who_has_confirmed_no_address_is_not_there(self):
        user = User.objects.get(username="user07")
        EmailAddress.objects.create(user=user, email="x@example.com")
        for path in ("user07", "user07/lettings"):
            self.assertEqual(self.client.get(f"/api/v1/profiles/{path}").status_code, 404)

    def test_a_stranger_to_us(self):
        self.assertEqual(self.client.get("/api/v1/profiles/nobody").status_code, 404)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.delete("/api/v1/profiles/user07").status_code, 405)

    def test_a_bad_cursor(self):
        response = self.client.get("/api/v1/profiles", {"cursor": "\0"})
        self.assertEqual(response.status_code, 422)
