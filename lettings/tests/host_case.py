"""The test case for a host's pages, with another host and staff; profiles, photos, uploads."""

import io
from functools import cache

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from PIL import Image

from lettings.models import Draft, Photo
from profiles.models import Profile

from .factories import make_letting

WORDS = {
    "title": "Silo Studio",
    "description": "A bed in a silo.",
    "price": "$1,180.50",
    "currency": "usd",
    "bedrooms": "0",
    "sleeps": "2",
    "number": "7217",
    "street": "Bedford Street",
    "city": "Brunswick",
    "state": "ga",
    "zip_code": "31525",
    "country_iso_code": "USA",
}


def make_profile(name, **user):
    """Return the profile of a new user."""
    user = get_user_model().objects.create_user(name, **user)
    return Profile.objects.get_or_create(user=user)[0]


def add_photo(alt="A door in a hill", **fields):
    """Return a new photo of a letting or a draft, with a picture of the sample."""
    return Photo.objects.create(
        image="sample/hygge-exterior-1440.webp", alt=alt, width=1440, height=960, **fields
    )


def upload(name="a.png", color="red", size=(1440, 960)):
    """Return an uploaded picture."""
    return SimpleUploadedFile(name, png(color, size), "image/png")


@cache
def png(color="red", size=(1440, 960)):
    """Return a picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


class HostTestCase(TestCase):
    """Signed in as the host of one published letting with two pictures."""

    @classmethod
    def setUpTestData(cls):
        cls.host = make_profile("AirWow")
        cls.other = make_profile("DasLama")
        cls.staff = make_profile("keeper", is_staff=True)
        cls.letting = make_letting("Oceanview Retreat", host=cls.host, price="260.00")
        cls.photos = [add_photo(f"Picture {n}", letting=cls.letting, position=n) for n in range(2)]

    def setUp(self):
        self.client.force_login(self.host.user)

    def stamp(self, path):
        """Return the stamp in a page's form."""
        return self.client.get(path).context["draft"].stamp

    def send(self, path, action="save", **fields):
        """Post a page's form with its current values, except for the given fields."""
        context = self.client.get(path).context
        shown = {field.html_name: field.value() for field in context["form"]}
        data = {name: "" if value is None else value for name, value in shown.items()}
        data |= {"stamp": context["draft"].stamp, "action": action} | fields
        return self.client.post(path, data)

    def make_draft(self, host=None, **words):
        """Return the draft of a new letting."""
        data = {"words": WORDS | words, "pictures": [], "removed": []}
        return Draft.objects.create(host=host or self.host, data=data, stamp="first")

    def assertShowsMessage(self, response, words):
        """Assert that the page, or the one it redirects to, shows this message."""
        page = self.client.get(response["Location"]) if response.status_code == 302 else response
        self.assertIn(words, [str(message) for message in page.context["messages"]])
