"""/api/v1/my/lettings: a host's own, by the rules of the host's pages."""

import json

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from accounts.tests.test_tokens import make_token
from core.tests.connections import at_once, for_threads
from lettings.hosting import drafts
from lettings.models import Address, Letting

from .factories import make_letting
from .host_case import make_profile

MINE = "/api/v1/my/lettings"
NEW = {
    "title": "Haus",
    "description": "A house",
    "price": "120.50",
    "sleeps": 4,
    "address": {
        "number": 7217,
        "street": "Bedford Street",
        "city": "Brunswick",
        "state": "GA",
        "zip_code": "31525",
    },
}


class HostCase(TestCase):
    def setUp(self):
        self.ada, self.bob = make_profile("ada"), make_profile("bob")
        _row, self.token = make_token(self.ada.user, "lettings:write")

    def ask(self, method, path="", content=None, status=200, token=None, **headers):
        headers = {"Authorization": f"Bearer {token or self.token}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        response = self.client.generic(
            method,
            MINE + path,
            b"" if content is None else json.dumps(content).encode(),
            content_type="application/json",
            headers=headers,
        )
        self.assertEqual(response.status_code, status, response.content)
        return response

    def errors(self, *asked, **options):
        found = self.ask(*asked, status=422, **options).json()["errors"]
        return {each["name"]: each["detail"] for each in found}


class MyLettingsTests(HostCase):
    def test_create_publish_edit_unpublish_delete(self):
        made = self.ask("POST", "", NEW, 201)
        letting = made.json()
        path = f"/{letting['id']}"
        self.assertEqual(made["Location"], f"http://testserver{MINE}{path}")
        self.assertEqual(letting["price"], {"amount": "120.50", "currency": "USD"})
        self.assertEqual((letting["is_published"], letting["published_at"]), (False, None))
        self.assertEqual(letting["host"]["username"], "ada")
        self.assertEqual(self.client.get(f"/lettings{path}/").status_code, 404)

        self.assertTrue(self.ask("POST", f"{path}/publish").json()["is_published"])
        self.assertEqual(self.client.get(f"/lettings{path}/").status_code, 200)
        seen = self.ask("GET", path)
        changes = {"title": "Haus am See", "price": None, "address": {"city": "Savannah"}}
        edited = self.ask("PATCH", path, changes, If_Match=seen["ETag"]).json()
        self.assertEqual((edited["title"], edited["price"]), ("Haus am See", None))
        self.assertEqual(edited["address"]["city"], "Savannah")
        self.assertEqual((edited["sleeps"], edited["address"]["street"]), (4, "Bedford Street"))
        self.assertTrue(edited["is_published"])
        self.assertContains(self.client.get(f"/lettings{path}/"), "Haus am See")

        self.assertFalse(self.ask("POST", f"{path}/unpublish").json()["is_published"])
        self.ask("DELETE", path, status=204, If_Match="*")
        self.assertFalse(Letting.objects.exists())
        self.assertFalse(Address.objects.exists())

    def test_errors_are_those_of_the_form(self):
        wrong = NEW | {"address": NEW["address"] | {"zip_code": "1"}, "price": "0"}
        self.assertEqual(
            self.errors("POST", "", wrong),
            {
                "address.zip_code": "Write a ZIP code of the USA as five digits (02134), or five"
                " and four (02134-1000).",
                "price": "Ensure this value is greater than or equal to 0.01.",
            },
        )
        self.assertEqual(
            self.errors("POST", "", {"sleeps": "4", "host": "bob"}),
            {
                "title": "This field is required.",
                "address": "This field is required.",
                "sleeps": "Enter a whole number.",
                "host": "There is no such field here; leave it out.",
            },
        )
        self.assertFalse(Letting.objects.exists())

    def test_an_invalid_body(self):
        self.ask("POST", "", None, 422)
        self.ask("POST", "", [], 422)

    def test_an_edit_needs_the_current_etag(self):
        letting = make_letting("Haus", host=self.ada)
        path = f"/{letting.pk}"
        self.ask("PATCH", path, {"title": "A"}, 428)
        self.ask("DELETE", path, None, 428)
        seen = self.ask("GET", path)["ETag"]
        self.ask("PATCH", path, {"title": "A"}, If_Match=f'"x", {seen}')
        self.ask("PATCH", path, {"title": "B"}, 412, If_Match=seen)
        self.ask("DELETE", path, None, 412, If_Match=seen)
        letting.refresh_from_db()
        self.assertEqual(letting.title, "A")

    def test_a_draft_on_the_site_is_a_conflict(self):
        letting = make_letting("Haus", host=self.ada)
        drafts.for_letting(letting, self.ada).save()
        self.ask("PATCH", f"/{letting.pk}", {"title": "A"}, 409, If_Match="*")
        self.assertTrue(self.ask("GET", f"/{letting.pk}").json()["has_draft"])

    def test_the_list_in_pages_at_a_constant_cost(self):
        for number in range(30):
            make_letting(f"Haus {number}", host=self.ada, published_at=None)
        make_letting("Theirs", host=self.bob)
        self.ask("GET")  # notes the use of the token
        with CaptureQueriesContext(connection) as queries:
            first = self.ask("GET").json()
        self.assertLessEqual(len(queries), 3)
        second = self.ask("GET", first["next"].removeprefix(f"http://testserver{MINE}")).json()
        titles = [each["title"] for each in first["items"] + second["items"]]
        self.assertEqual(titles, [f"Haus {number}" for number in range(29, -1, -1)])
        self.assertIsNone(second["next"])

    def test_a_stranger(self):
        theirs = make_letting("Theirs", host=self.bob)
        path = f"/{theirs.pk}"
        for method, end in (
            ("GET", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            ("POST", "/publish"),
            ("POST", "/unpublish"),
        ):
            content = {} if method == "PATCH" else None
            self.ask(method, path + end, content, 404, If_Match="*")
        self.ask("GET", "/999999", status=404)
        theirs.refresh_from_db()
        self.assertEqual(theirs.title, "Theirs")

    def test_staff_have_no_more_rights(self):
        self.ada.user.is_staff = True
        self.ada.user.save()
        self.ask("GET", f"/{make_letting('Theirs', host=self.bob).pk}", status=404)

    def test_a_token_without_the_scope(self):
        _row, other = make_token(self.ada.user, "profile:read")
        self.ask("GET", status=403, token=other)
        self.ask("POST", "", NEW, 403, token=other)

    def test_the_key_with_another_body_is_refused(self):
        self.ask("POST", "", NEW, 201, Idempotency_Key="one")
        again = self.ask("POST", "", NEW, 201, Idempotency_Key="one")
        self.assertEqual(again["Idempotency-Replayed"], "true")
        self.ask("POST", "", NEW | {"title": "B"}, 422, Idempotency_Key="one")
        self.ask("POST", "", NEW, 400, Idempotency_Key="x" * 256)
        self.assertEqual(Letting.objects.count(), 1)


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_requests_with_one_key_make_one_row(tmp_path):
    _row, token = make_token(make_profile("ada").user, "lettings:write")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}

    def create():
        return Client().post(MINE, NEW, content_type="application/json", headers=headers)

    with for_threads(tmp_path):
        answers = at_once(create, create)
        assert Letting.objects.count() == 1
    first, second = answers
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert {answer.get("Idempotency-Replayed") for answer in answers} == {None, "true"}
