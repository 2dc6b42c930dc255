"""A new user name is nobody else's, however it is typed; old ones still sign in."""

from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from accounts.sign_in_limits import names_of, tried_name
from accounts.tests.account_case import PASSWORD, AccountCase
from accounts.user_names import NEW
from profiles import names
from profiles.models import Profile
from profiles.tests.test_names import ALIKE


@pytest.mark.parametrize("name", ["\u3164", "\u115f\u1160", "ﷺ" * 9, "ﷺ" * 60, "a b", "a@b"])
def test_names_that_nobody_can_read(name):
    with pytest.raises(ValidationError):
        for validate in NEW:
            validate(name)


class UserNameTests(AccountCase):
    def test_no_two_accounts_have_the_same_name(self):
        User.objects.create_user("AirWow")
        for name in ALIKE:
            self.assertContains(
                self.sign_up(name), "already exists" if name != ALIKE[5] else "Use"
            )
        self.assertEqual(User.objects.count(), 1)

    def test_a_name_is_stored_as_it_is_read(self):
        self.sign_up("ＡirWow")
        self.assertEqual(User.objects.get().username, "AirWow")

    def test_of_two_at_once_one_is_told(self):
        User.objects.create_user("AirWow")
        free = mock.patch.object(names, "is_taken", side_effect=[False, True])
        with free:
            page = self.sign_up("aírwow")
        self.assertContains(page, "already exists")
        self.assertContains(page, 'value="ada@example.com"')
        self.assertEqual(User.objects.count(), 1)

    def test_sign_in_by_a_name_typed_otherwise(self):
        User.objects.create_user("Élise", "elise@example.com", PASSWORD)
        for login in ("Élise", "élise", "ELISE", "E\u0301lise", "Ｅlise", "elise@example.com"):
            self.sign_in(login)
            self.assertTrue(self.is_signed_in(), login)
            self.client.logout()

    def test_two_old_accounts_with_the_same_name(self):
        for number, name in enumerate(["Élise", "Elise"]):
            user = User.objects.bulk_create([User(username=name, email=f"{number}@example.com")])[
                0
            ]
            names.make_profile(user)
            user.set_password(f"{PASSWORD} {name}")
            user.save()
        for name in ("Élise", "Elise"):
            self.sign_in(name, f"{PASSWORD} {name}")
            self.assertTrue(self.is_signed_in(), name)
            self.client.logout()
        self.sign_in("èlise", f"{PASSWORD} Elise")
        self.assertFalse(self.is_signed_in())
        self.assertEqual(Profile.objects.count(), 2)

    def test_a_guesser_gains_nothing_by_typing_otherwise(self):
        user = User.objects.create_user("Élise", "elise@example.com", PASSWORD)
        request = mock.Mock(POST={})
        tried = {tried_name(request, {"username": name}) for name in ("Élise", "elise", "ÈLISE")}
        self.assertEqual(tried, {"elise"})
        self.assertEqual(set(names_of(user)), {"elise", "elise@example.com"})

    def test_the_admin_refuses_a_taken_name(self):
        User.objects.create_user("AirWow")
        other = User.objects.create_user("bob")
        self.client.force_login(User.objects.create_superuser("staff"))
        new = {"username": "aírwow", "usable_password": "false"}
        page = self.client.post("/admin/auth/user/add/", new)
        self.assertContains(page, "already exists")
        page = self.client.post(f"/admin/auth/user/{other.pk}/change/", {"username": "ＡirWow"})
        self.assertContains(page, "already exists")

    def test_the_admin_keeps_a_password_as_it_was_typed(self):
        """It is no text that anybody is shown: nothing of it is cleaned away."""
        self.client.force_login(User.objects.create_superuser("staff"))
        password = "tar\u202etan  e" + "\u0323\u0331\u0332\u0333\u0324" * 2
        given = {"username": "grace", "password1": password, "password2": password}
        given |= {"usable_password": "true"}
        self.client.post("/admin/auth/user/add/", given)
        self.assertTrue(User.objects.get(username="grace").check_password(password))
