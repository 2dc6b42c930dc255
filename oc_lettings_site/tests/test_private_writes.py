"""What a host's session writes empties the kept pages if a public page shows it, and only then."""

import json
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from django.core.cache import cache as sessions_cache
from django.db import transaction
from django.test import TransactionTestCase, override_settings
from django.utils import timezone

from accounts.tests.account_case import PASSWORD
from accounts.tests.test_tokens import FORM, make_token
from core.pagecache import generation
from enquiries.models import Enquiry
from enquiries.tests.factories import filled_in, make_enquiry
from lettings import urls as lettings_urls
from lettings.hosting import drafts, publishing
from lettings.models import Draft, Letting, Photo
from lettings.photos import pictures
from lettings.private import is_private, unseen_if_private
from lettings.tasks import make_missing_renditions, make_renditions
from lettings.tests.factories import make_letting
from lettings.tests.host_case import WORDS, add_photo, make_profile, upload
from lettings.tests.test_api_host import NEW
from oc_lettings_site.api import api

MINE = "/api/v1/my/lettings"
# Of the pages of lettings, those that take no POST.
READ = {"index", "letting", "own_lettings", "saved", "feed", "preview"}


class HostSessionCase(TransactionTestCase):
    """A host who is signed in, and has a token."""

    def setUp(self):
        sessions_cache.clear()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=folder))
        self.host = make_profile("ada", password=PASSWORD, email="ada@example.org")
        self.other = make_profile("bob")
        self.public = make_letting("Public", host=self.host)
        self.shown = add_photo("Shown", letting=self.public)
        self.private = make_letting("Private", host=self.host, published_at=None)
        self.hidden = add_photo("Hidden", letting=self.private)
        self.client.force_login(self.host.user)
        _row, token = make_token(self.host.user)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.asked = set()

    @contextmanager
    def kept(self, what):
        """No public page shows what the block writes."""
        before = generation()
        yield
        self.assertEqual(generation(), before, f"{what} empties the kept pages for nothing")

    @contextmanager
    def emptied(self, what):
        """A public page shows what the block writes."""
        before = generation()
        yield
        self.assertNotEqual(generation(), before, f"{what} leaves old pages to visitors")

    def send(self, path, action="save", status=302, **fields):
        """Send the form of a letting as its page shows it, but for the fields given."""
        context = self.client.get(path).context
        shown = {field.html_name: field.value() for field in context["form"]}
        data = {name: "" if value is None else value for name, value in shown.items()}
        data |= {"stamp": context["draft"].stamp, "action": action} | fields
        return self.post(path, data, status)

    def post(self, path, data=None, status=302):
        response = self.client.post(path, data)
        self.assertEqual(response.status_code, status)
        return response

    def ask(self, method, path, content=None, status=200, **headers):
        """Ask the API, with JSON or (a picture) a form."""
        headers = self.headers | {name.replace("_", "-"): each for name, each in headers.items()}
        if content and "image" in content:
            response = self.client.post(path, content, headers=headers)
        else:
            body = "" if content is None else json.dumps(content)
            kind = "application/json"
            response = self.client.generic(method, path, body, kind, headers=headers)
        self.assertEqual(response.status_code, status, response.content)
        route = response.resolver_match.route.replace("<int:", "{").replace(">", "}")
        self.asked.add((method, f"/{route}"))
        return response.json() if response.content else None


class LettingPagesTests(HostSessionCase):
    def setUp(self):
        super().setUp()
        self.posted = set()
        post = self.client.post

        def noted(path, *args, **kwargs):
            response = post(path, *args, **kwargs)
            self.posted.add(response.resolver_match.url_name)
            return response

        self.enterContext(mock.patch.object(self.client, "post", noted))

    def test_every_page_of_a_letting(self):
        """From the first word to the last; a new URL of lettings has its step here, or in READ."""
        self.a_new_letting()
        self.a_public_letting()
        self.a_private_letting()
        self.what_a_guest_keeps()
        names = {pattern.name for pattern in lettings_urls.urlpatterns}
        self.assertEqual(self.posted, names - READ)

    def a_new_letting(self):
        with self.kept("the first words of a draft"):
            self.send("/lettings/new/", title="Silo")
        path = Draft.objects.get().get_absolute_url()
        with self.kept("the next words"):
            self.send(path, **WORDS)
        with self.kept("a draft's picture, and its thumbnails"):
            self.send(path, "add", pictures=[upload(), upload("b.png", "blue")])
        photos = Photo.objects.exclude(draft=None)
        self.assertEqual([photo.is_made for photo in photos], [True, True])
        first, second = photos
        with self.kept("alternative texts"):
            said = {f"alt-{photo.pk}": f"Picture {photo.pk}" for photo in photos}
            self.send(path, **said)
        with self.kept("another order"):
            self.send(path, f"later-{first.pk}")
        with self.kept("a picture less"):
            self.send(path, f"remove-{second.pk}")
        with self.kept("a preview"):
            self.send(path, "preview")
            self.client.get(f"/lettings/drafts/{Draft.objects.get().pk}/preview/")
        with self.kept("what can't be published"):
            self.send(path, "publish", 200, price="about 80")
        with self.emptied("publication"):
            self.send(path, "publish", price="80")
        self.assertFalse(Photo.objects.filter(pk=second.pk).exists())

    def a_public_letting(self):
        edit = f"/lettings/{self.public.pk}/edit/"
        with self.kept("an edit that isn't published, with a picture"):
            self.send(edit, title="Seaview")
            self.send(edit, "add", pictures=[upload()])
        with self.kept("its end"):
            self.post(f"/lettings/drafts/{Draft.objects.get().pk}/discard/")
        self.assertEqual(list(self.public.photos.all()), [self.shown])
        with self.emptied("an edit that is published"):
            self.send(edit, "publish", **WORDS)
        with self.kept("publication of what is public"):
            self.post(f"/lettings/{self.public.pk}/publish/")
        with self.emptied("the end of publication"):
            self.post(f"/lettings/{self.public.pk}/unpublish/")
        with self.kept("the same once more"):
            self.post(f"/lettings/{self.public.pk}/unpublish/")
        with self.emptied("publication of the whole"):
            self.post(f"/lettings/{self.public.pk}/publish/")
        with self.emptied("deletion of a public letting"):
            self.post(f"/lettings/{self.public.pk}/delete/")

    def a_private_letting(self):
        edit = f"/lettings/{self.private.pk}/edit/"
        with self.kept("an edit of a private letting, with a picture"):
            self.send(edit, "add", title="Seaview", pictures=[upload()])
        with self.kept("deletion of a private letting"):
            self.post(f"/lettings/{self.private.pk}/delete/")
        self.assertFalse(Letting.objects.filter(pk=self.private.pk).exists())
        private = make_letting("Again", host=self.host, published_at=None)
        with self.emptied("publication of a private letting by its form"):
            self.send(f"/lettings/{private.pk}/edit/", "publish", **WORDS)

    def what_a_guest_keeps(self):
        theirs = make_letting("Theirs", host=self.other)
        for do in ("save", "remove"):
            with self.kept(do):
                self.post(f"/lettings/{theirs.pk}/save/", {"do": do})

    def test_a_letting_that_is_public_later_counts_as_public(self):
        """Its moment may come between the decision and the commit."""
        Letting.objects.update(published_at=timezone.now() + timedelta(days=1))
        with self.emptied("an edit of what is public tomorrow"):
            self.send(f"/lettings/{self.private.pk}/edit/", "publish", **WORDS)
        with self.emptied("its deletion"):
            self.post(f"/lettings/{self.private.pk}/delete/")


class MeanwhileTests(HostSessionCase):
    """What is private when a request begins need not be when it writes."""

    def test_a_letting_is_published_before_it_is_edited_or_deleted(self):
        Letting.objects.filter(pk=self.private.pk).update(published_at=timezone.now())
        for write in (lambda: self.private.save(update_fields=["title"]), self.hidden.delete):
            with self.emptied("a write to what was private"), transaction.atomic():
                with unseen_if_private(self.private):
                    write()
        with self.emptied("deletion of what was private"):
            publishing.delete(self.private)

    def test_a_letting_has_another_address(self):
        """Then the address in memory may be another letting's."""
        self.private.address = self.public.address
        with transaction.atomic():
            self.assertFalse(is_private(self.private))
            self.assertFalse(is_private(Letting(address=self.public.address)))
            self.assertTrue(is_private(Letting()))

    def test_a_draft_is_published_before_it_is_discarded(self):
        self.send("/lettings/new/", **WORDS)
        draft = Draft.objects.get()
        photo = add_photo("A door", draft=draft)
        self.send(draft.get_absolute_url(), "publish")
        with self.assertRaises(drafts.Gone):
            drafts.discard(draft)
        self.assertTrue(Photo.objects.get(pk=photo.pk).letting.is_public())

    def test_a_picture_of_a_draft_that_is_public_all_the_same(self):
        draft = Draft.objects.create(host=self.host, data={}, stamp="")
        Photo.objects.update(draft=draft)
        with self.emptied("the draft's end"):
            drafts.discard(draft)
        self.assertFalse(Photo.objects.exists())


class LettingApiTests(HostSessionCase):
    def test_every_operation_on_a_letting(self):
        """A new operation of lettings has its step here."""
        self.a_private_letting()
        self.a_public_letting()
        self.pictures()
        paths = api.get_openapi_schema()["paths"].items()
        written = {
            (method.upper(), path)
            for path, methods in paths
            for method in methods
            if path.startswith(MINE) and method != "get"
        }
        self.assertEqual(self.asked, written)

    def a_private_letting(self):
        with self.kept("a new letting, which isn't published"):
            made = self.ask("POST", MINE, NEW, 201)
        one = f"{MINE}/{made['id']}"
        with self.kept("its edit"):
            self.ask("PATCH", one, {"title": "Haus am See"}, If_Match="*")
            self.ask("PATCH", one, {"address": {"city": "Macon"}}, If_Match="*")
        with self.emptied("its publication"):
            self.ask("POST", f"{one}/publish")
        with self.kept("the same once more"):
            self.ask("POST", f"{one}/publish")
        with self.emptied("the end of it"):
            self.ask("POST", f"{one}/unpublish")
        with self.kept("its deletion"):
            self.ask("DELETE", one, None, 204, If_Match="*")

    def a_public_letting(self):
        one = f"{MINE}/{self.public.pk}"
        with self.emptied("the edit of a public letting"):
            self.ask("PATCH", one, {"title": "Haus am See"}, If_Match="*")
        with self.emptied("the edit of its address"):
            self.ask("PATCH", one, {"address": {"city": "Macon"}}, If_Match="*")
        with self.kept("what is refused"):
            self.ask("PATCH", one, {"sleeps": 0}, 422, If_Match="*")

    def pictures(self):
        for letting, photo, expect in (
            (self.private, self.hidden, self.kept),
            (self.public, self.shown, self.emptied),
        ):
            path = f"{MINE}/{letting.pk}/photos"
            with self.subTest(letting.title):
                with expect("a picture"):
                    self.ask("POST", path, {"image": upload(), "alt": "A porch"}, 201)
                self.assertTrue(all(each.is_made for each in letting.photos.all()))
                with expect("its words"):
                    self.ask("PATCH", f"{path}/{photo.pk}", {"alt": "A door"})
                with expect("its place"):
                    self.ask("PATCH", f"{path}/{photo.pk}", {"position": 1})
                with expect("its end"):
                    self.ask("DELETE", f"{path}/{photo.pk}", None, 204)
        with self.emptied("deletion of a public letting"):
            self.ask("DELETE", f"{MINE}/{self.public.pk}", None, 204, If_Match="*")


class ThumbnailTests(HostSessionCase):
    def picture(self, **owner):
        name = pictures.keep(pictures.open_upload(upload().file))
        fields = {"image": name, "alt": "A door", "width": 1440, "height": 960}
        with mock.patch("lettings.photos.files.after_commit"):
            return Photo.objects.create(is_made=False, **fields, **owner)

    def test_the_tasks(self):
        draft = Draft.objects.create(host=self.host, data={}, stamp="")
        for run in (make_renditions, lambda _pk: make_missing_renditions()):
            for owner, expect in (
                ({"draft": draft}, self.kept),
                ({"letting": self.private}, self.kept),
                ({"letting": self.public}, self.emptied),
            ):
                photo = self.picture(**owner)
                with self.subTest(owner), expect("a thumbnail"):
                    run(photo.pk)
                photo.refresh_from_db()
                self.assertTrue(photo.is_made)

    def test_what_is_published_while_its_thumbnails_are_made(self):
        """Published between the look at drafts' pictures and that at lettings'."""
        draft = Draft.objects.create(host=self.host, data={}, stamp="")
        photo = self.picture(draft=draft)
        made = pictures.make

        def then_published(name):
            made(name)
            Photo.objects.filter(pk=photo.pk).update(letting=self.public, draft=None)
            self.token = generation()

        with mock.patch.object(pictures, "make", then_published):
            make_renditions(photo.pk)
        self.assertNotEqual(generation(), self.token)
        photo.refresh_from_db()
        self.assertTrue(photo.is_made)


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
