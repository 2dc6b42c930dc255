"""User names are compared and ordered alike on every database."""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import TestCase

from accounts.tasks import make_missing_profiles
from profiles import names
from profiles.models import Profile
from profiles.tests.factories import make_person

ALIKE = ["AirWow", "airwow", "ＡirWow", "Aírwow", "AIRWOW", "Air\u200dWow", "ａｉｒｗｏｗ"]
ORDER = [
    "Åsa",
    "asa2",
    "ａｓａ３",
    "bob9",
    "Élise",
    "élodie",
    "Łukasz",
    "lv",
    "Østen",
    "ota",
    "Zach9",
]
ORDER += ["Ζωή", "Анна", "Ёлка", "Жан", "日本"]


class NameTests(TestCase):
    def test_names_that_are_taken(self):
        make_person("AirWow")
        self.assertEqual([name for name in ALIKE if not names.is_taken(name)], [])
        for other in ("AirWow2", "Air-Wow", "Air", "AirWowAirWow"):
            self.assertFalse(names.is_taken(other), other)

    def test_a_name_that_is_taken_makes_no_user(self):
        make_person("AirWow")
        for name in ALIKE[1:]:
            with self.assertRaises(IntegrityError), transaction.atomic():
                User.objects.create_user(name)
        self.assertEqual(User.objects.count(), 1)

    def test_without_a_transaction_the_user_is_taken_back(self):
        make_person("AirWow")
        with self.assertRaises(IntegrityError):
            User.objects.create_user("airwow")
        self.assertEqual(User.objects.count(), 1)

    def test_a_renamed_user(self):
        user = make_person("AirWow").user
        user.username = "Élise"
        user.save()
        self.assertTrue(names.is_taken("elise"))
        self.assertFalse(names.is_taken("AirWow"))
        with self.assertNumQueries(1):
            user.save(update_fields=["last_login"])

    def test_the_order_of_pages_and_of_the_api(self):
        for name in reversed(ORDER):
            make_person(name)
        page = self.client.get("/profiles/")
        self.assertEqual([p.user.username for p in page.context["page"].rows], ORDER)
        answer = self.client.get("/api/v1/profiles").json()
        self.assertEqual([p["username"] for p in answer["items"]], ORDER)
        answer = self.client.get("/api/v1/profiles", {"cursor": "Élise"}).json()
        self.assertEqual(answer["items"][0]["username"], "élodie")

    def test_the_admin_finds_a_name_typed_otherwise(self):
        make_person("Élise")
        self.client.force_login(User.objects.create_superuser("staff"))
        for text in ("elise", "ÉLISE", "lise"):
            page = self.client.get("/admin/profiles/profile/", {"q": text})
            self.assertEqual(page.context["cl"].result_count, 1, text)

    def test_pages_neither_repeat_nor_leave_out(self):
        for number in range(60):
            make_person(f"{'aÁå'[number % 3]}{number:02}")
        found, path = [], "/api/v1/profiles"
        while path:
            answer = self.client.get(path).json()
            found += [person["username"][1:] for person in answer["items"]]
            path = answer["next"]
        self.assertEqual(found, [f"{number:02}" for number in range(60)])


class OldNameTests(TestCase):
    """Rows as an older release writes them: without the column."""

    def setUp(self):
        made = User.objects.bulk_create(User(username=name) for name in ALIKE[:4])
        Profile.objects.bulk_create(Profile(user=user) for user in made[:1])
        self.rest = made[1:]
        Profile.objects.update(compared_name=None)

    def forms(self):
        rows = Profile.objects.order_by("pk").values_list("user__username", "compared_name")
        return dict(rows)

    def test_they_keep_their_names(self):
        make_missing_profiles()
        names.keep()
        first, *others = self.forms().values()
        self.assertEqual(first, "airwow")
        self.assertEqual(set(others), {f"airwow {user.pk}" for user in self.rest})
        self.assertTrue(all(map(names.is_taken, ALIKE)))

    def test_the_oldest_keeps_the_form(self):
        make_missing_profiles()
        Profile.objects.update(compared_name=None)
        names.keep()
        self.assertEqual(list(self.forms().values())[0], "airwow")
        self.assertEqual(len(set(self.forms().values())), 4)

    def test_whom_a_typed_name_means(self):
        make_missing_profiles()
        for name in ALIKE[:4]:
            self.assertEqual(names.meant(name), name)
        self.assertEqual(names.meant("âirwow"), "")
        Profile.objects.filter(user__in=self.rest).delete()
        self.assertEqual(names.meant("âirwow"), "AirWow")
        self.assertEqual(names.meant("nobody"), "")

    def test_a_saved_user_keeps_the_number(self):
        make_missing_profiles()
        before = self.forms()
        for user in User.objects.all():
            user.save()
        self.assertEqual(self.forms(), before)

    def test_a_user_is_saved_before_the_column_is_filled(self):
        """Such as by a new password, within the minute before the job runs."""
        make_missing_profiles()
        Profile.objects.update(compared_name=None)
        for user in User.objects.all():
            user.save()
        make_missing_profiles()
        self.assertEqual(list(self.forms().values())[0], "airwow")
        self.assertEqual(len(set(self.forms().values())), 4)
