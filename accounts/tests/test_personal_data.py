"""POST /accounts/export/ and /accounts/delete/: all data of a user, and nothing of others."""

import io
import json
import re
import zipfile
from unittest import mock

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import TestCase, override_settings

from accounts.models import ApiToken
from accounts.personal_data import erase
from accounts.tests.account_case import PASSWORD
from accounts.tests.test_tokens import make_token
from background.models import Mail
from core.tests.storages import IN_MEMORY
from enquiries.tests.factories import make_enquiry
from lettings.models import Address, Draft, Letting, Photo, Saved
from lettings.tests.factories import make_letting
from profiles.models import Follow, Profile

# Each foreign key to a user or a profile: how the export and the deletion handle it.
TAKEN_CARE_OF = {
    "account.EmailAddress": "email_addresses",
    "mfa.Authenticator": "second_factors",
    "usersessions.UserSession": "sessions",
    "accounts.ApiToken": "api_tokens",
    "profiles.Profile": "profile",
    "lettings.Letting": "lettings",
    "lettings.Draft": "drafts",
    "enquiries.Enquiry": "enquiries",
    "lettings.Saved": "saved",
    "profiles.Follow": "follows",
}
# The same for tables that name a person by text, without a foreign key.
NAMED = re.compile(r"email|username|recipient|^ip(_|$)")
NAMING = {
    "auth.User": "account",
    "account.EmailAddress": "email_addresses",
    "usersessions.UserSession": "sessions",
    "axes.AccessAttempt": "failed_sign_ins",
    "background.Mail": "mail",
    "enquiries.Enquiry": "enquiries",
}
NOT_WRITTEN = {
    "axes.AccessLog",
    "axes.AccessFailureLog",
}  # AXES_DISABLE_ACCESS_LOG, and by default
NOT_PERSONAL = {
    "accounts.KeptAnswer": "an answer to them, for a day; goes with the user",
    "admin.LogEntry": "what staff did in the admin; goes with the user",
    "auth.User_groups": "permissions",
    "auth.User_user_permissions": "permissions",
}


class DataCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ada", "ada@example.com", PASSWORD)
        cls.other = User.objects.create_user("bob", "bob@example.com", PASSWORD)
        EmailAddress.objects.create(user=cls.user, email="ada@example.com", verified=True)
        TOTP.activate(cls.user, generate_totp_secret())
        make_token(cls.user)
        cls.mine = make_letting("Mine", "A house", host=cls.user.profile)
        cls.theirs = make_letting("Theirs", host=cls.other.profile)
        make_enquiry(None, guest=cls.user.profile, letting_title="Asked")

    def setUp(self):
        self.enterContext(override_settings(STORAGES=IN_MEMORY))
        self.photo = default_storage.save("photos/a-1440.webp", ContentFile(b"a picture"))
        Photo.objects.create(
            letting=self.mine, image=self.photo, alt="A door", width=1440, height=960
        )
        Saved.objects.create(profile=self.user.profile, letting=self.theirs)
        Follow.objects.create(follower=self.user.profile, host=self.other.profile)
        Draft.objects.create(
            host=self.user.profile, letting=self.mine, data={"words": {"title": "Mine, new"}}
        )
        face = default_storage.save("faces/me.webp", ContentFile(b"a face"))
        Profile.objects.filter(user=self.user).update(picture=face, about="About me")
        self.client.force_login(self.user)
        UserSession.objects.create(
            user=self.user, ip="203.0.113.1", session_key=self.client.session.session_key
        )

    def make_mail(self, message_id, recipients, state=Mail.State.WAITING, **more):
        more = {"content": {}} | more
        Mail.objects.create(message_id=message_id, recipients=recipients, state=state, **more)

    def archive(self):
        answer = self.client.post("/accounts/export/")
        return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


class ExportTests(DataCase):
    def setUp(self):
        super().setUp()
        given = {"failures_since_start": 1, "user_agent": "A phone"}
        for name, ip in (("ada", "203.0.113.9"), ("bob", "203.0.113.7")):
            AccessAttempt.objects.create(username=name, ip_address=ip, **given)
            more = {"subject": f"Hello {name}", "content": {"body": "a secret link"}}
            self.make_mail(f"<{name}@x>", [f"{name}@example.com"], **more)

    def test_it_works(self):
        self.assertContains(self.client.get("/accounts/export/"), "Download the archive")
        archive = self.archive()
        data = json.loads(archive.read("data.json"))
        self.assertEqual(data["account"]["username"], "ada")
        self.assertEqual(data["email_addresses"][0]["email"], "ada@example.com")
        self.assertEqual([letting["title"] for letting in data["lettings"]], ["Mine"])
        self.assertEqual(data["lettings"][0]["address"]["street"], "Bedford Street")
        self.assertEqual(data["lettings"][0]["photos"][0]["alt"], "A door")
        self.assertEqual(data["drafts"][0]["title"], "Mine, new")
        self.assertEqual(data["profile"]["about"], "About me")
        self.assertEqual(data["profile"]["language"], "en")
        self.assertEqual(data["enquiries"][0]["language"], "en")
        self.assertEqual(data["enquiries"][0]["guest_email"], "ann@example.org")
        [failed] = data["failed_sign_ins"]
        self.assertEqual((failed["ip_address"], failed["user_agent"]), ("203.0.113.9", "A phone"))
        self.assertEqual([mail["subject"] for mail in data["mail"]], ["Hello ada"])
        self.assertEqual(archive.read("photos/a-1440.webp"), b"a picture")
        self.assertEqual(archive.read("faces/me.webp"), b"a face")

    def test_no_secret_and_nothing_of_others(self):
        Follow.objects.all().delete()  # whom ada follows is hers to know
        make_enquiry(self.mine, guest_name="Eve", guest_email="eve@example.org")
        text = self.archive().read("data.json").decode()
        for secret in ("bob", "Theirs", "pbkdf2", "md5$", "secret", "eve@"):
            self.assertNotIn(secret, text)

    def test_a_missing_file_does_not_stop_the_export(self):
        default_storage.delete(self.photo)
        self.assertEqual(sorted(self.archive().namelist()), ["data.json", "faces/me.webp"])

    def test_nothing_that_points_to_a_person_is_forgotten(self):
        pointing = {
            model._meta.label
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.get_fields()
            if (field.many_to_one or field.one_to_one)
            and field.concrete
            and field.related_model in {User, Profile}
        }
        words = "each needs a section in accounts/personal_data.py or its app's, and a deletion"
        self.assertEqual(pointing, {*TAKEN_CARE_OF, *NOT_PERSONAL}, words)
        naming = {
            model._meta.label
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.concrete_fields
            if not field.is_relation and NAMED.search(field.name)
        }
        self.assertEqual(naming, {*NAMING, *NOT_WRITTEN}, words)
        data = json.loads(self.archive().read("data.json"))
        for section in (*TAKEN_CARE_OF.values(), *NAMING.values()):
            self.assertTrue(data[section], f"{section} is empty: the test would miss it")


class DeletionTests(DataCase):
    def delete(self, password=PASSWORD):
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post("/accounts/delete/", {"password": password})

    def test_all_their_data_is_deleted(self):
        for name in ("ada", "ada@example.com", "bob"):
            AccessAttempt.objects.create(username=name, failures_since_start=1)
        self.sign_in_elsewhere()
        self.assertRedirects(self.delete(), "/")
        self.assertEqual(list(User.objects.all()), [self.other])
        self.assertEqual(list(Letting.objects.all()), [self.theirs])
        self.assertEqual(Address.objects.count(), 1)
        for model in (
            ApiToken,
            EmailAddress,
            UserSession,
            Draft,
            Photo,
            Saved,
            Follow,
        ):
            self.assertFalse(model.objects.exists(), model)
        self.assertEqual(default_storage.listdir("photos")[1], [])
        self.assertEqual(default_storage.listdir("faces")[1], [])
        self.assertFalse(
            any("_auth_user_id" in session.get_decoded() for session in Session.objects.all())
        )
        self.assertEqual(AccessAttempt.objects.get().username, "bob")

    def sign_in_elsewhere(self):
        """Where nobody signs out: the page that deletes ends its own session by itself."""
        there = self.client_class()
        there.force_login(self.user)
        key = there.session.session_key
        UserSession.objects.create(user=self.user, ip="203.0.113.2", session_key=key)

    def test_all_or_nothing(self):
        self.sign_in_elsewhere()
        with mock.patch.object(User, "delete", side_effect=OSError), self.assertRaises(OSError):
            erase(self.user)
        self.assertTrue(Letting.objects.contains(self.mine))
        self.assertEqual(UserSession.objects.count(), 2)

    def test_what_they_asked_stays_readable_without_their_name(self):
        asked = make_enquiry(self.theirs, guest=self.user.profile, guest_name="ada")
        of_another = make_enquiry(self.theirs, guest_name="Ann")
        self.delete()
        asked.refresh_from_db(), of_another.refresh_from_db()
        self.assertEqual((asked.guest, asked.guest_name, asked.guest_email), (None, "", ""))
        self.assertEqual(of_another.guest_name, "Ann")
        self.client.force_login(self.other)
        page = self.client.get(asked.get_absolute_url())
        self.assertContains(page, "Is it free?")
        self.assertContains(page, "A guest who is gone")

    def test_mail_to_them_is_deleted(self):
        for state in Mail.State.values:
            self.make_mail(f"<{state}@x>", ["ada@example.com"], state)
        self.make_mail("<typed@x>", ["Ada@Example.com"])
        self.delete()
        self.assertFalse(Mail.objects.exists())

    def test_mail_to_others_stays_even_if_they_gave_that_address(self):
        """At a sign-up, or as their new one, which they never confirmed."""
        EmailAddress.objects.create(user=self.user, email="guest@example.com")
        EmailAddress.objects.create(user=self.user, email="bob@example.com", verified=True)
        for number, to in enumerate(("guest@example.com", "bob@example.com", "carol@example.com")):
            self.make_mail(f"<{number}@x>", [to])
        self.make_mail("<two@x>", ["ada@example.com", "bob@example.com"])
        self.delete()
        self.assertEqual(Mail.objects.count(), 4)
        stranger = User.objects.create_user("eve", "guest@example.com", PASSWORD)
        erase(stranger)
        self.assertEqual(Mail.objects.count(), 4)

    def test_a_storage_that_is_away_keeps_nobody_here(self):
        other = default_storage.save("photos/b-1440.webp", ContentFile(b"another"))
        Photo.objects.create(letting=self.mine, image=other, alt="", width=1440, height=960)
        delete = default_storage.delete

        def is_away(name):
            if name.startswith(("photos/a", "faces/")):
                raise OSError("the bucket is away")
            delete(name)

        with (
            mock.patch.object(default_storage, "delete", is_away),
            self.assertLogs("core.files.storage", "ERROR") as logged,
        ):
            self.assertRedirects(self.delete(), "/")
        self.assertEqual(list(User.objects.all()), [self.other])
        self.assertEqual(default_storage.listdir("photos")[1], ["a-1440.webp"])
        told = " ".join(logged.output)
        self.assertIn("photos/a-1440.webp", told)
        self.assertIn("faces/me.webp", told)

    def test_without_the_password_nothing_goes(self):
        for wrong in ("", "wrong"):
            self.assertContains(self.delete(wrong), "problems")
        self.assertEqual(User.objects.count(), 2)

    def test_who_has_no_password_chooses_one_first(self):
        self.user.set_unusable_password()
        self.user.save()
        self.client.force_login(self.user)
        page = self.client.get("/accounts/delete/", follow=True)
        self.assertRedirects(page, "/accounts/password/set/")
        self.assertContains(page, "Choose a password first")

    def test_guessing_the_password_is_limited(self):
        statuses = [self.delete("wrong").status_code for _ in range(6)]
        self.assertEqual(statuses[-1], 429)
        self.assertEqual(self.delete().status_code, 429)
        self.assertEqual(User.objects.count(), 2)
