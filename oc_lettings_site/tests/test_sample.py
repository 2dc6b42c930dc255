"""manage.py load_sample"""

from io import StringIO
from pathlib import Path

from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import TestCase, override_settings

from dashboard.models import DailyViews
from lettings.models import Address, Letting, Photo
from lettings.photos.pictures import FORMATS, rendition
from lettings.sample.original_content import ALT, PEOPLE, PLACES
from profiles.models import Profile


def load() -> str:
    out = StringIO()
    call_command("load_sample", stdout=out)
    return out.getvalue()


# The strength of the demo user's hash is not what these tests try.
@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
class LoadTests(TestCase):
    def test_an_empty_site_gets_the_six_lettings_under_their_old_ids(self):
        load()
        self.assertEqual(
            list(Letting.objects.order_by("pk").values_list("pk", "title", "address__zip_code")),
            [
                (1, "Joshua Tree Green Haus /w Hot Tub", "31525"),
                (2, "Oceanview Retreat", "44094"),
                (3, "'Silo Studio' Cottage", "23601"),
                (4, "Pirates of the Caribbean Getaway", "49855"),
                (5, "The Mushroom Dome Retreat & LAND of Paradise Suite", "15001"),
                (6, "Underground Hygge", "11554"),
            ],
        )
        for letting in Letting.objects.published():
            letting.full_clean()
            self.assertTrue(letting.description and letting.price and letting.host)
            self.assertEqual(letting.photos.count(), 3)

    def test_it_brings_the_four_profiles(self):
        load()
        hosts = Profile.objects.exclude(user__is_staff=True)
        self.assertEqual(
            dict(hosts.values_list("user__username", "favorite_city")),
            {
                "HeadlinesGazer": "Buenos Aires",
                "DavWin": "Barcelona",
                "AirWow": "Budapest",
                "4meRomance": "Berlin",
            },
        )

    def test_the_next_letting_gets_an_id_that_is_free(self):
        load()
        address = Address.objects.create(
            number=1, street="Main Street", city="Salem", state="OR", zip_code="97301"
        )
        letting = Letting.objects.create(title="A", address=address)
        self.assertGreater(min(address.pk, letting.pk), 6)

    def test_a_second_run_changes_nothing(self):
        load()
        Letting.objects.filter(pk=2).update(title="Oceanview", price=999)
        Letting.objects.filter(pk=3).delete()
        before = list(Letting.objects.order_by("pk").values())
        self.assertIn("nothing was changed", load())
        self.assertEqual(list(Letting.objects.order_by("pk").values()), before)
        self.assertEqual(Photo.objects.count(), 15)

    def test_lettings_of_other_titles_are_left_alone(self):
        address = Address.objects.create(
            number=1, street="Main Street", city="Salem", state="OR", zip_code="97301"
        )
        Letting.objects.create(pk=4, title="Mine", address=address)
        load()
        self.assertEqual(Letting.objects.get(pk=4).title, "Mine")
        self.assertEqual(Letting.objects.count(), 7)

    @override_settings(DEPLOYED=True)
    def test_in_production_nobody_can_sign_in_as_a_sample_host(self):
        load()
        for person in PEOPLE:
            self.assertFalse(User.objects.get(username=person.username).has_usable_password())

    def test_the_demo_users_sign_in(self):
        words = "Sign in as admin (staff), AirWow (a host), DavWin (a guest) with the password"
        self.assertIn(f"{words} Abc1234!", load())
        self.assertTrue(User.objects.get(username="AirWow").check_password("Abc1234!"))
        user = User.objects.get(username="admin")
        self.assertTrue(user.is_superuser and user.check_password("Abc1234!"))

    def test_an_admin_of_your_own_is_left_alone(self):
        User.objects.create_user("admin", password="mine")
        self.assertNotIn("admin (staff)", load())
        self.assertFalse(User.objects.get(username="admin").is_superuser)

    def test_people_of_the_old_site_keep_their_passwords(self):
        User.objects.create_user("AirWow", password="mine")
        self.assertNotIn("AirWow", load())
        self.assertTrue(User.objects.get(username="AirWow").check_password("mine"))

    def test_whoever_signs_in_finds_something_of_their_own(self):
        load()
        self.client.force_login(User.objects.get(username="AirWow"))
        self.assertContains(self.client.get("/lettings/mine/"), "Beekeeper")
        self.client.force_login(User.objects.get(username="DavWin"))
        self.assertContains(self.client.get("/lettings/saved/"), "Underground Hygge")
        self.assertContains(self.client.get("/lettings/feed/"), "Mushroom Dome")

    def test_a_dashboard_has_a_year_of_figures(self):
        load()
        self.assertEqual(DailyViews.objects.count(), 6 * 365)

    @override_settings(DEPLOYED=True)
    def test_there_is_no_demo_user_in_production(self):
        load()
        self.assertFalse(User.objects.filter(username="admin").exists())


class PictureTests(TestCase):
    def test_every_drawing_has_its_files_and_its_words(self):
        drawings = {path.stem for path in Path("lettings/sample/art").glob("*.svg")}
        self.assertEqual(drawings, set(ALT))
        for name in drawings:
            for format, widths in FORMATS.items():
                for width in widths:
                    path = "lettings/" + rendition(f"sample/{name}", width, format)
                    self.assertTrue(finders.find(path), path)

    def test_every_letting_shows_drawings_of_its_own(self):
        names = [name for place in PLACES for name in place.pictures]
        self.assertEqual(len(names), len(set(names)))

    def test_all_drawings_together_stay_small(self):
        folder = Path(finders.find("lettings/sample"))
        self.assertLess(sum(path.stat().st_size for path in folder.iterdir()), 4 * 2**20)
