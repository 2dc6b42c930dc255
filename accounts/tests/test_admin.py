"""/admin/auth/user/..."""

from unittest import mock

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission, User
from django.core.files.storage import default_storage

from accounts import personal_data
from accounts.tests.test_personal_data import DataCase
from enquiries.tests.factories import make_enquiry
from lettings.models import Address, Letting
from profiles.models import Profile

LIST = "/admin/auth/user/"


class AdminTests(DataCase):
    def setUp(self):
        super().setUp()
        self.staff = User.objects.create_superuser("staff")
        self.client.force_login(self.staff)
        self.asked = make_enquiry(self.theirs, guest=self.user.profile, guest_name="ada")

    def ask(self, path, **data):
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(path, {"post": "yes", **data})

    def choose(self, *users):
        chosen = [user.pk for user in users]
        return self.ask(LIST, action="delete_selected", _selected_action=chosen)

    def test_the_confirmation_lists_what_is_deleted(self):
        page = self.client.get(f"{LIST}{self.user.pk}/delete/")
        self.assertContains(page, f"/admin/lettings/letting/{self.mine.pk}/change/")
        self.assertNotContains(page, f"/admin/lettings/letting/{self.theirs.pk}/change/")
        self.assertContains(page, "Lettings: 1")

    def test_a_deletion_is_as_thorough_as_their_own(self):
        self.assertRedirects(self.ask(f"{LIST}{self.user.pk}/delete/"), LIST)
        self.assert_all_of_it_is_gone()

    def test_deleted_from_the_list(self):
        self.assertRedirects(self.choose(self.user), LIST)
        self.assert_all_of_it_is_gone()

    def assert_all_of_it_is_gone(self):
        self.assertEqual(set(User.objects.all()), {self.other, self.staff})
        self.assertEqual(list(Letting.objects.all()), [self.theirs])
        self.assertEqual(Address.objects.count(), 1)
        self.assertEqual(default_storage.listdir("photos")[1], [])
        self.asked.refresh_from_db()
        self.assertEqual((self.asked.guest, self.asked.guest_name), (None, ""))

    def test_an_error_midway_deletes_nobody(self):
        real = personal_data.erase

        def fails_for_bob(user):
            real(user)
            if user.username == "bob":
                raise OSError

        with mock.patch.object(personal_data, "erase", fails_for_bob), self.assertRaises(OSError):
            self.choose(self.user, self.other)
        self.assertEqual(User.objects.count(), 3)

    def test_deleting_a_host_needs_permission_for_lettings(self):
        self.make_staff_of("user")
        path = f"{LIST}{self.user.pk}/delete/"
        self.assertContains(self.client.get(path), "<li>letting</li>")
        self.assertEqual(self.ask(path).status_code, 403)
        self.assertTrue(Letting.objects.filter(pk=self.mine.pk).exists())

    def test_deleting_a_guest_needs_permission_for_users_only(self):
        self.make_staff_of("user")
        guest = User.objects.create_user("carol")
        self.assertRedirects(self.ask(f"{LIST}{guest.pk}/delete/"), LIST)
        self.assertFalse(Profile.objects.filter(user__username="carol").exists())

    def make_staff_of(self, model):
        User.objects.filter(pk=self.staff.pk).update(is_superuser=False)
        leave = Permission.objects.filter(codename__in=[f"change_{model}", f"delete_{model}"])
        self.staff.user_permissions.set(leave)

    def test_no_profile_without_its_user(self):
        profile = self.user.profile
        path = f"/admin/profiles/profile/{profile.pk}/"
        self.assertNotContains(self.client.get(f"{path}change/"), "delete/")
        self.assertEqual(self.ask(f"{path}delete/").status_code, 403)
        self.assertTrue(Profile.objects.filter(pk=profile.pk).exists())

    def test_oneself(self):
        UserSession.objects.create(
            user=self.staff, ip="203.0.113.1", session_key=self.client.session.session_key
        )
        answer = self.ask(f"{LIST}{self.staff.pk}/delete/")
        self.assertEqual(answer.status_code, 302)
        self.assertFalse(User.objects.filter(pk=self.staff.pk).exists())
