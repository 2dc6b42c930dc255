"""GET and POST /accounts/profile/, and the profile that everyone has."""

import io

from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase, override_settings, skipUnlessDBFeature
from django.test.utils import CaptureQueriesContext
from PIL import Image

from core.tests.storages import IN_MEMORY
from profiles.models import Profile


def picture(size=(300, 400)):
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, "JPEG")
    return SimpleUploadedFile("me.jpg", out.getvalue())


class ProfileTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ada", first_name="Ada")

    def setUp(self):
        self.enterContext(override_settings(STORAGES=IN_MEMORY))
        self.client.force_login(self.user)

    def post(self, **form):
        with self.captureOnCommitCallbacks(execute=True):
            answer = self.client.post("/accounts/profile/", {"language": "en"} | form)
        self.profile = Profile.objects.select_related("user").get(user=self.user)
        return answer

    def test_it_works(self):
        self.assertContains(self.client.get("/accounts/profile/"), 'value="Ada"')
        answer = self.post(first_name="Ada", last_name="L.", favorite_city="Rome", about="Hi")
        self.assertRedirects(answer, "/profiles/ada/")
        self.assertEqual(self.profile.user.get_full_name(), "Ada L.")
        self.assertEqual((self.profile.favorite_city, self.profile.about), ("Rome", "Hi"))
        page = self.client.get("/profiles/ada/")
        self.assertContains(page, "Hi")
        self.assertContains(page, "Ada L.")

    def test_a_picture_comes_changes_and_goes(self):
        self.post(file=picture())
        first = self.profile.picture.name
        self.assertRegex(first, r"^faces/[0-9a-f]{32}\.webp$")
        with default_storage.open(first) as file:
            self.assertEqual(Image.open(file).size, (256, 256))
        served = self.client.get(f"/media/{first}")
        self.assertEqual((served.status_code, served["Content-Type"]), (200, "image/webp"))
        self.assertContains(self.client.get("/profiles/"), first)
        self.post(file=picture((256, 256)))
        self.assertFalse(default_storage.exists(first))
        self.post(no_picture="on")
        self.assertEqual(self.profile.picture.name, "")
        self.assertEqual(default_storage.listdir("faces")[1], [])

    @skipUnlessDBFeature("has_select_for_no_key_update")
    def test_of_two_at_once_the_second_waits(self):
        """It would know nothing of the picture of the first, which would stay for ever."""
        with CaptureQueriesContext(connection) as captured:
            self.post(file=picture())
        [lock] = [q["sql"] for q in captured if "FOR NO KEY UPDATE" in q["sql"]]
        self.assertIn('FROM "profiles_profile"', lock)

    def test_no_picture_and_too_small_a_one(self):
        self.assertContains(self.post(file=picture((99, 99))), "at least 256 × 256")
        torn = SimpleUploadedFile("me.jpg", b"<svg/>")
        page = self.post(file=torn, about="Kept")
        self.assertContains(page, "in the format SVG")
        self.assertContains(page, "Kept")
        self.assertEqual(self.profile.picture.name, "")

    def test_html_is_text(self):
        self.post(about="<script>alert(1)</script>")
        self.assertContains(self.client.get("/profiles/ada/"), "&lt;script&gt;")

    def test_a_wrong_method(self):
        self.assertEqual(self.client.put("/accounts/profile/").status_code, 405)


class EveryoneTests(TestCase):
    def test_a_profile_is_made_with_the_user_and_once(self):
        user = User.objects.create_user("ada")
        user.save()
        self.assertEqual(Profile.objects.get().user, user)

    def test_a_fixture_brings_its_own(self):
        user = User(username="ada")
        user.save_base(raw=True)
        self.assertFalse(Profile.objects.exists())
