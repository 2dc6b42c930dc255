"""A title needs something to see, by the page, the API and the admin alike."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.test import TestCase
from django.utils import timezone

from accounts.api import tokens
from lettings.admin.forms import LettingForm
from lettings.hosting.forms import HostForm
from lettings.models import Letting

from .factories import make_letting

UNSEEN = [
    "\u3164",
    "\u200b\u2060",
    "\u2800",
    "\u115f\u1160",
    "\u0301",
    "\ufeff \x01",
    "\U000e0041",
]
TURNING = "\u202eevil\u202c \u2067x\u2069"


class ShownTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ada")
        cls.letting = make_letting("Tipi", host=cls.user.profile)

    def errors(self, form, title):
        form = form({"title": title, "street": "A", "city": "B"}, instance=self.letting)
        form.is_valid()
        return "title" in form.errors, form.cleaned_data.get("title")

    def test_a_page_and_the_admin(self):
        for form in (HostForm, LettingForm):
            for title in UNSEEN:
                self.assertEqual(self.errors(form, title), (True, None), ascii(title))
            self.assertEqual(self.errors(form, f"A{TURNING}"), (False, "A evil x"))

    def test_the_api(self):
        later = timezone.now() + timedelta(days=1)
        _row, secret = tokens.make(self.user, "t", ["lettings:write"], later)
        path, bearer = f"/api/v1/my/lettings/{self.letting.pk}", f"Bearer {secret}"

        def patch(title):
            tag = self.client.get(path, headers={"authorization": bearer})["ETag"]
            return self.client.patch(
                path,
                {"title": title},
                "application/json",
                headers={"authorization": bearer, "if-match": tag},
            )

        for title in UNSEEN:
            self.assertEqual(patch(title).status_code, 422, ascii(title))
        self.assertEqual(patch(f"A{TURNING}").json()["title"], "A evil x")
        self.assertEqual(Letting.objects.get().title, "A evil x")
