"""manage.py load_sample --lettings N"""

from io import StringIO

from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from lettings.models import Letting, Photo
from lettings.sample import generated
from lettings.sample.original_content import ALT
from lettings.sample.generated_words import LANDS
from profiles.models import Profile

# The first digit of a zip code stands for a group of states:
# https://en.wikipedia.org/wiki/ZIP_Code#Primary_state_prefixes
STATES = {
    "0": "CT MA ME NH NJ RI VT",
    "1": "DE NY PA",
    "2": "DC MD NC SC VA WV",
    "3": "AL FL GA MS TN",
    "4": "IN KY MI OH",
    "5": "IA MN MT ND SD WI",
    "6": "IL KS MO NE",
    "7": "AR LA OK TX",
    "8": "AZ CO ID NM NV UT WY",
    "9": "AK CA HI OR WA",
}


def load(number: int) -> str:
    out = StringIO()
    call_command("load_sample", lettings=number, stdout=out)
    return out.getvalue()


# The strength of the demo user's hash is not what these tests try.
@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
class ManyTests(TestCase):
    def test_it_adds_that_many(self):
        self.assertIn("Added 120 generated lettings", load(120))
        self.assertEqual(Letting.objects.published().count(), 126)
        self.assertEqual(Photo.objects.count(), 6 * 3 + 120 * 2)
        self.assertEqual(Profile.objects.exclude(user__is_staff=True).count(), 4 + 3)
        self.assertEqual(Profile.objects.exclude(lettings=None).count(), 4 + 3)
        for letting in Letting.objects.select_related("address"):
            letting.full_clean()
            letting.address.full_clean()

    def test_running_again_tops_up_to_the_number(self):
        load(20)
        before = list(Letting.objects.order_by("pk").values())
        self.assertIn("Added 0 ", load(20))
        self.assertIn("Added 0 ", load(10))
        self.assertIn("Added 40 ", load(60))
        self.assertEqual(list(Letting.objects.order_by("pk").values())[:26], before)
        self.assertEqual(Letting.objects.count(), 66)

    def test_the_same_lettings_come_whether_at_once_or_in_parts(self):
        def content():
            fields = ("title", "price", "address__street", "published_at", "host__user__username")
            return list(Letting.objects.order_by("pk").values_list(*fields))

        load(10)
        load(70)
        in_parts = content()
        Letting.objects.all().delete()
        User.objects.all().delete()
        load(70)
        self.assertEqual(content(), in_parts)

    def test_the_six_of_the_original_stay_the_newest(self):
        load(200)
        newest = Letting.objects.published().newest()[:6]
        self.assertEqual({letting.pk for letting in newest}, {1, 2, 3, 4, 5, 6})

    def test_a_username_that_is_taken_is_left_to_its_owner(self):
        User.objects.create_user("AmaraAbbott", email="amara@example.com")
        load(1)
        host = Letting.objects.exclude(pk__lte=6).get().host
        self.assertEqual(host.user.username, "AmaraAbbott0")

    def test_nobody_can_sign_in_as_a_generated_host(self):
        load(60)
        for user in User.objects.filter(email__endswith="@hosts.invalid"):
            self.assertFalse(user.has_usable_password())

    def test_a_number_below_zero(self):
        with self.assertRaisesMessage(CommandError, "write a whole number, such as 1000"):
            load(-1)


class CityTests(TestCase):
    def test_zip_codes_belong_to_their_states(self):
        for city in generated.cities():
            self.assertRegex(city.zip_code, r"^\d{5}$")
            self.assertIn(city.state, STATES[city.zip_code[0]].split(), city)

    def test_every_city_has_a_land_with_pictures(self):
        self.assertGreater(len(generated.cities()), 150)
        self.assertEqual({city.land for city in generated.cities()}, set(LANDS))
        for land in LANDS.values():
            self.assertLessEqual(set(land.pictures), set(ALT))
