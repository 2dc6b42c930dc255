"""Accounts in two languages: pages by their address, mails by who reads them."""

import re

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core import mail
from django.test import TestCase

from accounts.tests.account_case import PASSWORD
from core.tests.pages import folded

LINK = re.compile(r"http://testserver(/\S*)")


class LanguageCase(TestCase):
    def sign_up(self, prefix, username="ada"):
        form = {"username": username, "email": f"{username}@example.com"}
        form |= {"password1": PASSWORD, "password2": PASSWORD}
        return self.client.post(f"{prefix}/accounts/signup/", form)

    def links(self):
        """The page that the newest mail is about, and the home page it ends with."""
        return LINK.findall(mail.outbox[-1].body)

    @staticmethod
    def make_user(name, language):
        user = User.objects.create_user(name, f"{name}@example.com", PASSWORD)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        user.profile.language = language
        user.profile.save()
        return user


class NewcomerTests(LanguageCase):
    def test_who_signs_up_in_french_stays_there(self):
        self.assertRedirects(self.sign_up("/fr"), "/fr/accounts/confirm-email/")
        self.assertEqual(
            mail.outbox[0].subject, "Orange County Lettings\u00a0: Confirmez votre adresse e-mail"
        )
        self.assertIn("Ouvrez ce lien", mail.outbox[0].body)
        confirmation, home = self.links()
        self.assertRegex(confirmation, "^/fr/accounts/confirm-email/")
        self.assertEqual(home, "/fr/")
        self.assertContains(self.client.get(confirmation), '<html lang="fr">')
        self.assertRedirects(self.client.post(confirmation), "/fr/accounts/")
        self.assertEqual(User.objects.get().profile.language, "fr")

    def test_and_in_english_all_is_as_it_was(self):
        self.assertRedirects(self.sign_up(""), "/accounts/confirm-email/")
        self.assertEqual(
            mail.outbox[0].subject, "Orange County Lettings: Please confirm your e-mail address"
        )
        self.assertIn("Open this link", mail.outbox[0].body)
        confirmation, home = self.links()
        self.assertRegex(confirmation, "^/accounts/confirm-email/")
        self.assertEqual(home, "/")
        self.assertEqual(User.objects.get().profile.language, "en")


class MailTests(LanguageCase):
    def test_a_known_reader_is_written_to_in_their_language(self):
        for language, prefix, page, words in (
            ("fr", "/fr", "", "Ouvrez ce lien"),
            ("en", "", "/fr", "Open this link"),
        ):
            with self.subTest(language):
                user = self.make_user(f"reader-{language}", language)
                self.client.post(f"{page}/accounts/password/reset/", {"email": user.email})
                self.assertIn(words, mail.outbox[-1].body)
                link, home = self.links()
                self.assertRegex(link, f"^{prefix}/accounts/password/reset/key/")
                self.assertEqual(home, f"{prefix}/")
                self.assertEqual(self.client.get(link).status_code, 302)

    def test_who_has_an_account_already_learns_it_in_their_language(self):
        self.make_user("ada", "fr")
        form = {"username": "eve", "email": "ada@example.com"}
        form |= {"password1": PASSWORD, "password2": PASSWORD}
        self.client.post("/accounts/signup/", form)
        self.assertIn("créer un compte", mail.outbox[-1].body)
        self.assertEqual(self.links(), ["/fr/accounts/password/reset/", "/fr/"])

    def test_a_notice_of_a_change_too(self):
        self.client.force_login(self.make_user("ada", "fr"))
        form = {"oldpassword": PASSWORD, "password1": PASSWORD * 2, "password2": PASSWORD * 2}
        self.client.post("/accounts/password/change/", form)
        self.assertIn("Votre mot de passe a été modifié", mail.outbox[-1].body)
        self.assertEqual(self.links(), ["/fr/"])


class PageTests(LanguageCase):
    def test_in_and_out_keep_the_language(self):
        self.make_user("ada", "en")
        self.client.get("/fr/accounts/login/")
        signed_in = self.client.post("/fr/accounts/login/", {"login": "ada", "password": PASSWORD})
        self.assertRedirects(signed_in, "/fr/accounts/")
        self.assertRedirects(self.client.post("/fr/accounts/logout/"), "/fr/")
        asked = self.client.get("/fr/accounts/profile/")
        self.assertRedirects(asked, "/fr/accounts/login/?next=/fr/accounts/profile/")

    def test_the_language_of_mails_is_chosen_on_the_profile(self):
        user = self.make_user("ada", "en")
        self.client.force_login(user)
        page = self.client.get("/fr/accounts/profile/")
        self.assertContains(page, '<option value="en" selected>English</option>', html=True)
        self.client.post("/accounts/profile/", {"language": "fr"})
        user.profile.refresh_from_db()
        self.assertEqual(user.profile.language, "fr")
        page = self.client.post("/accounts/profile/", {"language": "tlh"})
        self.assertContains(page, "Select a valid choice.")

    def test_the_page_of_the_address_calls_it_as_the_others_do(self):
        user = self.make_user("ada", "fr")
        EmailAddress.objects.create(user=user, email="new@example.com")
        self.client.force_login(user)
        page = self.client.get("/fr/accounts/email/")
        for label in (
            "Adresse e-mail actuelle",
            "Nouvelle adresse, à confirmer",
            "Nouvelle adresse",
        ):
            words = rf">\s*{label}\s*\u00a0:\s*</label>"
            self.assertRegex(page.content.decode(), words)

    def test_a_security_key_is_named_in_the_language_of_the_page(self):
        user = self.make_user("ada", "en")
        self.client.force_login(user)
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        for prefix, words in (("/fr", ">Nom "), ("", ">Name ")):
            page = self.client.get(f"{prefix}/accounts/2fa/webauthn/add/")
            self.assertIn(words, folded(page))
        key = Authenticator.objects.create(
            user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "My key"}
        )
        page = self.client.get(f"/fr/accounts/2fa/webauthn/keys/{key.pk}/edit/")
        self.assertIn(">Nom<", folded(page))
