"""/profiles/<username>/follow/"""

from django.db import IntegrityError, transaction
from django.test import TestCase

from profiles.models import Follow

from .factories import make_person


class FollowTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.host, cls.guest = make_person("AirWow"), make_person("DasLama")

    def setUp(self):
        self.client.force_login(self.guest.user)
        self.page = "/profiles/AirWow/"
        self.path = "/profiles/AirWow/follow/"

    def test_the_button_of_the_page(self):
        self.assertContains(self.client.get(self.page), 'value="follow"')
        self.assertRedirects(self.client.post(self.path, {"do": "follow"}), self.page)
        follow = Follow.objects.get()
        self.assertEqual((follow.follower, follow.host), (self.guest, self.host))
        self.assertContains(self.client.get(self.page), 'value="stop"')
        self.client.post(self.path, {"do": "stop"})
        self.assertFalse(Follow.objects.exists())

    def test_twice_is_once(self):
        for _ in range(2):
            self.client.post(self.path)
        self.assertEqual(Follow.objects.count(), 1)

    def test_an_anonymous_visitor_returns_to_a_page_with_the_button(self):
        self.client.logout()
        page = self.client.get(self.page)
        self.assertContains(page, f'href="{self.path}"')
        self.assertNotContains(page, "csrfmiddlewaretoken")
        self.assertFalse(page.cookies)
        self.assertEqual(self.client.get(self.path).status_code, 302)
        self.client.force_login(self.guest.user)
        self.assertContains(self.client.get(self.path), "Follow AirWow?")

    def test_nobody_follows_themselves(self):
        self.client.force_login(self.host.user)
        self.assertNotContains(self.client.get(self.page), 'value="follow"')
        self.assertEqual(self.client.post(self.path).status_code, 404)
        with self.assertRaises(IntegrityError), transaction.atomic():
            Follow.objects.create(follower=self.host, host=self.host)

    def test_rows_of_other_users_stay(self):
        self.client.post(self.path)
        self.client.force_login(make_person("stranger").user)
        self.client.post(self.path, {"do": "stop"})
        self.assertEqual(Follow.objects.count(), 1)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.options(self.path).status_code, 405)

    def test_a_name_that_nobody_has(self):
        self.assertEqual(self.client.post("/profiles/nobody/follow/").status_code, 404)
