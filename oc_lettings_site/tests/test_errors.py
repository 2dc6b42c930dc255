"""The error pages: each by the request that provokes it."""

from unittest import mock

from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection
from django.test import Client, RequestFactory, TestCase, override_settings

from core.web import errors


class ErrorPageTests(TestCase):
    def check(self, response, status, template):
        self.assertEqual(response.status_code, status)
        self.assertTemplateUsed(response, template)
        self.assertContains(response, "<h1>", status_code=status)
        self.assertFalse(response.cookies)
        self.assertEqual(response["Cache-Control"], "no-store")
        self.assertIn("default-src 'none'", response["Content-Security-Policy"])

    def test_400_for_a_host_that_is_not_ours(self):
        self.check(self.client.get("/", headers={"host": "evil.example"}), 400, "400.html")

    @override_settings(SECURE_SSL_REDIRECT=True)
    def test_400_for_a_bad_host_even_where_http_is_redirected(self):
        self.check(self.client.get("/", headers={"host": "evil.example"}), 400, "400.html")

    def test_403(self):
        with mock.patch("lettings.browsing.views.get_object_or_404", side_effect=PermissionDenied):
            self.check(self.client.get("/lettings/1/"), 403, "403.html")

    def test_403_for_a_form_without_its_token(self):
        strict = Client(enforce_csrf_checks=True)
        elsewhere = {"origin": "https://evil.example"}
        response = strict.post("/accounts/login/", {"login": "a"}, headers=elsewhere)
        self.check(response, 403, "403_csrf.html")

    def test_404(self):
        self.check(self.client.get("/nowhere/"), 404, "404.html")

    def test_404_without_the_database(self):
        """A visitor with a session meets a missing page while the database is away."""
        self.client.cookies["sessionid"] = "x" * 32
        with self.assertNumQueries(0):
            self.check(self.client.get("/nowhere/"), 404, "404.html")


class ServerErrorTests(TestCase):
    def setUp(self):
        self.client.raise_request_exception = False

    def test_500_needs_no_database_and_no_context_processor(self):
        self.client.cookies["sessionid"] = "x" * 32
        gone = mock.Mock(side_effect=ProgrammingError("gone"))
        with connection.execute_wrapper(gone), self.assertLogs("django.request", "ERROR"):
            response = self.client.get("/lettings/1/")
        gone.assert_called_once()
        self.assertEqual(response.status_code, 500)
        self.assertTemplateUsed(response, "500.html")
        self.assertFalse(response.context and response.context.get("request"))
        self.assertIn("default-src 'none'", response["Content-Security-Policy"])

    @override_settings(SENTRY_DSN="https://key@sentry.example/1")
    def test_500_names_the_report(self):
        with mock.patch("sentry_sdk.last_event_id", return_value="c0ffee"):
            self.assertContains(
                errors.server_error(RequestFactory().get("/")), "c0ffee", status_code=500
            )

    def test_500_names_the_request_where_nothing_is_reported(self):
        with mock.patch("core.web.errors.request_id", return_value="req-12345678"):
            self.assertContains(
                errors.server_error(RequestFactory().get("/")), "req-12345678", status_code=500
            )

    def test_500_when_templates_fail_too(self):
        with (
            mock.patch("core.web.errors.render_to_string", side_effect=ValueError("hash")),
            self.assertLogs("core.web.errors", "ERROR"),
        ):
            response = errors.server_error(RequestFactory().get("/"))
        self.assertContains(response, "<h1>Error 500</h1>", status_code=500)


class TooManyRequestsTests(TestCase):
    def test_429_says_when_to_come_back(self):
        response = errors.too_many_requests(90)
        self.assertEqual((response.status_code, response["Retry-After"]), (429, "90"))
        self.assertContains(response, "90", status_code=429)
