"""The host's API empties the page cache if a public page shows what it writes, and only then."""

from lettings.tests.host_case import upload
from lettings.tests.test_api_host import NEW
from oc_lettings_site.api import api

from .host_session import HostSessionCase

MINE = "/api/v1/my/lettings"


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
