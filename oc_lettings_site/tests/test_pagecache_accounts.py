"""Accounts and enquiries empty the page cache only where a public page shows what they write."""

from accounts.tests.account_case import PASSWORD
from accounts.tests.test_tokens import FORM
from enquiries.models import Enquiry
from enquiries.tests.factories import filled_in, make_enquiry
from lettings.tests.factories import make_letting

from .host_session import HostSessionCase


class AccountTests(HostSessionCase):
    def test_account(self):
        self.client.logout()
        with self.kept("signing in"):
            self.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
        with self.kept("the time zone of a browser"):
            self.post("/accounts/time-zone/", {"time_zone": "Europe/Rome"}, 204)
        with self.kept("language and time zone"):
            form = {"language": "fr", "time_zone": "Europe/Paris"}
            self.post("/accounts/profile/", form)
        with self.emptied("what others see"):
            self.post("/accounts/profile/", {"language": "en", "about": "I let houses."})
        with self.kept("a token, made and revoked"):
            self.post("/accounts/reauthenticate/", {"password": PASSWORD})
            self.post("/accounts/tokens/", FORM, 200)
            token = self.host.user.api_tokens.get(name=FORM["name"])
            self.post(f"/accounts/tokens/{token.pk}/revoke/")
        with self.kept("an export"):
            self.post("/accounts/export/", status=200).close()
        for do in ("follow", "stop"):
            with self.kept(do):
                self.post("/profiles/bob/follow/", {"do": do})
        with self.kept("signing out"):
            self.post("/accounts/logout/")

    def test_enquiries(self):
        theirs = make_letting("Theirs", host=self.other)
        with self.kept("an enquiry to another host"):
            self.post(f"/enquiries/to/{theirs.pk}/", filled_in())
        for action in ("reply", "book", "decline", "close"):
            enquiry = make_enquiry(self.public, arrive=30, leave=31)
            with self.kept(action):
                self.post(f"/enquiries/{enquiry.pk}/", {"action": action, "text": "Welcome."})
            Enquiry.objects.all().delete()
        enquiry = make_enquiry(self.public)
        with self.kept("an answer by the API"):
            path = f"/api/v1/enquiries/{enquiry.pk}/messages"
            self.ask("POST", path, {"text": "Welcome."}, 201)
        for verb in ("book", "decline", "close"):
            enquiry = make_enquiry(self.public, arrive=40, leave=41)
            with self.kept(f"{verb} by the API"):
                self.ask("POST", f"/api/v1/enquiries/{enquiry.pk}/{verb}")
