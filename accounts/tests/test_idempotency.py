"""The same request twice, by its Idempotency-Key."""

from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory, TestCase
from django.utils import timezone

from accounts.api.idempotency import fingerprint, once
from accounts.models import KeptAnswer
from core.rest.problems import Problem


class OnceTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada = User.objects.create_user("ada")
        cls.bob = User.objects.create_user("bob")

    def setUp(self):
        self.done = []

    def ask(self, key="one", content="{}", user=None, status=201, path="/api/v1/x", scopes=()):
        def answer():
            self.done.append(content)
            return HttpResponse(f"made {content}", status=status, headers={"Location": "/made"})

        request = RequestFactory().post(path, content, content_type="application/json")
        request.token = SimpleNamespace(user=user or self.ada, scopes=scopes)
        return once(request, key, answer)

    def test_a_repeat_gets_the_first_answer(self):
        first, second = self.ask(), self.ask()
        self.assertEqual(self.done, ["{}"])
        self.assertEqual(
            (second.status_code, second.content, second["Location"]),
            (first.status_code, first.content, "/made"),
        )
        self.assertEqual(second["Idempotency-Replayed"], "true")
        self.assertNotIn("Idempotency-Replayed", first)

    def test_another_key_is_another_request(self):
        self.ask("one")
        self.ask("two")
        self.assertEqual(len(self.done), 2)

    def test_another_request_with_the_key_is_refused(self):
        self.ask()
        for other in ({"content": "[]"}, {"path": "/api/v1/y"}):
            with self.assertRaises(Problem) as caught:
                self.ask(**other)
            self.assertEqual(caught.exception.status, 422)

    def test_another_users_key_is_another_key(self):
        self.ask()
        self.ask(user=self.bob, content="[]")
        self.assertEqual(len(self.done), 2)

    def test_a_token_with_fewer_scopes_does_not_get_the_stored_answer(self):
        self.ask(scopes=["lettings:write", "profile:read"])
        self.ask(scopes=["profile:read", "lettings:write"])
        with self.assertRaises(Problem) as caught:
            self.ask(scopes=["profile:read"])
        self.assertEqual(caught.exception.status, 422)
        self.assertEqual(len(self.done), 1)

    def test_an_answer_that_is_an_error_leaves_the_key_free(self):
        self.assertEqual(self.ask(status=422).status_code, 422)
        self.assertFalse(KeptAnswer.objects.exists())
        self.assertEqual(self.ask(content="[1]").status_code, 201)

    def test_a_fault_of_the_database_is_no_key_in_use(self):
        request = RequestFactory().post("/api/v1/x")
        request.token = SimpleNamespace(user=self.ada, scopes=[])
        fault = OperationalError("canceling statement due to statement timeout")
        with self.assertRaises(OperationalError):
            once(request, "one", mock.Mock(side_effect=fault))

    def test_a_crash_leaves_the_key_free(self):
        request = RequestFactory().post("/api/v1/x")
        request.token = SimpleNamespace(user=self.ada, scopes=[])
        with self.assertRaises(ZeroDivisionError):
            once(request, "one", lambda: 1 / 0)
        self.assertFalse(KeptAnswer.objects.exists())

    def test_after_a_day_the_key_is_new(self):
        self.ask()
        KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
        self.ask(content="[]")
        self.assertEqual(len(self.done), 2)
        self.assertEqual(KeptAnswer.objects.count(), 1)

    def test_files_are_told_apart(self):
        def upload(content, alt="A porch"):
            file = SimpleUploadedFile("porch.jpg", content)
            request = RequestFactory().post("/api/v1/x", {"image": file, "alt": alt})
            request.token = SimpleNamespace(scopes=[])
            return request

        same = [fingerprint(upload(b"one")) for _ in range(2)]
        self.assertEqual(len(set(same)), 1)
        self.assertNotIn(fingerprint(upload(b"two")), same)
        self.assertNotIn(fingerprint(upload(b"one", "A door")), same)
