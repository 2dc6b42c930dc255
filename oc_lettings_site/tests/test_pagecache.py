"""The page cache, as WSGI middleware around Django and around applications made for a test."""

import gzip
import time

import brotli
from django.contrib.auth import get_user_model
from django.core.wsgi import get_wsgi_application
from django.test import TestCase
from django.utils import timezone

from core.pagecache.entries import make_entry
from core.tests.connections import keep_connections
from core.tests.counting_app import BODY, Counting, kept
from lettings.models import Address, Letting


class AnonymousTests(TestCase):
    """/lettings/ is a public page of the site; what answers here is counted."""

    def setUp(self):
        self.page = Counting(headers=[("Content-Security-Policy", "default-src 'none'")])
        self.cache, self.client = kept(self.page)

    def get(self, path="/lettings/", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers=headers)

    def test_the_second_visitor_gets_the_first_ones_page(self):
        first, second = self.get(), self.get()
        self.assertEqual(self.page.calls, 1)
        self.assertEqual(first.data, BODY)
        self.assertEqual(second.data, BODY)
        self.assertEqual(first.headers, second.headers)
        self.assertEqual(self.page.closed, 1)

    def test_every_header_of_the_page_is_kept(self):
        self.get()
        self.assertEqual(self.get().headers["Content-Security-Policy"], "default-src 'none'")
        self.assertEqual(self.get().headers["Content-Type"], "text/html")

    def test_a_cdn_may_keep_it_for_seconds_and_a_browser_asks_again(self):
        for response in (self.get(), self.get()):
            self.assertEqual(
                response.headers["Cache-Control"],
                "public, max-age=0, s-maxage=10, stale-while-revalidate=10",
            )
            self.assertEqual(response.headers["Vary"], "Accept-Encoding, Cookie")
            self.assertNotIn("Set-Cookie", response.headers)

    def test_a_change_of_the_data_empties_it_at_once(self):
        self.get()
        self.page.body = b"changed"
        self.cache.generation.change()
        self.assertEqual(self.get().data, b"changed")

    def test_it_goes_stale_after_a_minute(self):
        self.get()
        ((key, entry),) = self.cache.memory._entries.items()
        self.assertAlmostEqual(entry.expires, time.monotonic() + 60, delta=5)
        old = make_entry(entry.token, time.monotonic() - 1, "", [], b"old")
        self.cache.memory.put(key, old)
        self.assertEqual(self.get().data, BODY)

    def test_what_was_rendered_while_the_data_changed_is_not_kept(self):
        self.page.before = lambda environ: self.cache.generation.change()
        self.get()
        self.page.before = lambda environ: None
        self.get()
        self.assertEqual(self.page.calls, 2)
        self.get()
        self.assertEqual(self.page.calls, 2)

    def test_each_encoding_is_prepared_once_with_an_etag_of_its_own(self):
        etags = set()
        for accept, name, decode in (
            ("gzip, deflate, br, zstd", "br", brotli.decompress),
            ("gzip", "gzip", gzip.decompress),
            ("", None, bytes),
        ):
            response = self.get(Accept_Encoding=accept)
            self.assertEqual(response.headers.get("Content-Encoding"), name)
            self.assertEqual(decode(response.data), BODY)
            self.assertEqual(response.headers["Content-Length"], str(len(response.data)))
            self.assertFalse(response.headers["ETag"].startswith("W/"))
            etags.add(response.headers["ETag"])
        self.assertEqual(len(etags), 3)
        self.assertEqual(self.page.calls, 1)

    def test_a_visitor_who_has_it_already_gets_304(self):
        etag = self.get(Accept_Encoding="br").headers["ETag"]
        for header in (etag, f'"other", W/{etag}', "*"):
            response = self.get(Accept_Encoding="br", If_None_Match=header)
            self.assertEqual((response.status_code, response.data), (304, b""))
            self.assertEqual(response.headers["ETag"], etag)
            self.assertIn("Cookie", response.headers["Vary"])
            self.assertIn("s-maxage", response.headers["Cache-Control"])
            self.assertNotIn("Content-Length", response.headers)
        self.assertEqual(self.get(If_None_Match=etag).status_code, 200)
        self.assertEqual(self.get(Accept_Encoding="br", If_None_Match='"x"').status_code, 200)

    def test_the_first_visitor_after_a_change_may_have_the_same_page(self):
        etag = self.get().headers["ETag"]
        self.cache.generation.change()
        self.assertEqual(self.get(If_None_Match=etag).status_code, 304)

    def test_head_has_the_headers_of_get_and_no_body(self):
        for _ in range(2):
            head = self.client.head("/lettings/")
            self.assertEqual(head.data, b"")
            self.assertEqual(head.headers, self.get().headers)
        self.assertEqual(self.page.calls, 1)
        self.assertEqual(self.page.environs[0]["REQUEST_METHOD"], "GET")

    def test_visitors_are_told_apart_by_scheme_host_path_and_query(self):
        urls = (
            ("http://a.example", "/lettings/"),
            ("https://a.example", "/lettings/"),
            ("http://b.example", "/lettings/"),
            ("http://a.example", "/profiles/"),
            ("http://a.example", "/lettings/?page=2"),
        )
        for _ in range(2):
            for site, path in urls:
                self.page.body = body = (site + path).encode()
                self.assertEqual(self.client.get(path, base_url=site).data, body)
        self.assertEqual(self.page.calls, len(urls))

    def test_nothing_of_the_visitor_reaches_the_page_that_is_kept(self):
        self.get(Cookie="theme=dark", User_Agent="me", Referer="/secret", X_Anything="x")
        headers = {name for name in self.page.environs[0] if name.startswith("HTTP_")}
        self.assertEqual(headers, {"HTTP_HOST"})

    def test_whoever_has_a_session_gets_a_page_of_their_own(self):
        self.get()
        for cookie in ("sessionid=abc", "theme=dark; sessionid=abc", "messages=hello"):
            calls = self.page.calls
            response = self.get(Cookie=cookie)
            self.assertEqual(self.page.calls, calls + 1)
            self.assertNotIn("ETag", response.headers)
            self.assertEqual(self.page.environs[-1]["HTTP_COOKIE"], cookie)

    def test_whoever_sends_a_token_gets_an_answer_of_their_own(self):
        self.get(Authorization="Bearer one")
        self.get(Authorization="Bearer two")
        self.get()
        self.get(Authorization="")
        self.assertEqual(self.page.calls, 4)
        self.get()
        self.assertEqual(self.page.calls, 4)

    def test_only_get_and_head_are_kept(self):
        self.client.post("/lettings/")
        self.client.post("/lettings/")
        self.assertEqual(self.page.calls, 2)

    def test_views_without_the_mark_are_never_kept(self):
        for path in ("/accounts/login/", "/nowhere/", "/lettings", "/lettings/%ff%fe/"):
            with self.subTest(path):
                page = Counting()
                cache, client = kept(page)
                client.get(path)
                client.get(path)
                self.assertEqual(page.calls, 2)
                self.assertEqual(len(cache.memory), 0)

    def test_without_a_token_nothing_is_kept_nor_served(self):
        self.get()
        self.cache.token = lambda: None
        self.get()
        self.get()
        self.assertEqual(self.page.calls, 3)
        self.assertEqual(len(self.cache.memory), 0)


class NeverKeptTests(TestCase):
    def assert_not_kept(self, **answer):
        page = Counting(**answer)
        cache, client = kept(page)
        for calls in (1, 2):
            response = client.get("/lettings/")
            self.assertEqual(page.calls, calls)
            self.assertEqual(response.status, page.status)
            self.assertEqual(response.data, BODY)
        self.assertEqual(client.head("/lettings/").data, b"")
        self.assertEqual(len(cache.memory), 0)
        self.assertEqual(page.closed, 3)

    def test_errors_and_redirects(self):
        for status in ("404 Not Found", "500 Server Error", "301 Moved", "400 Bad", "204 No"):
            with self.subTest(status):
                self.assert_not_kept(status=status)

    def test_a_page_that_sets_a_cookie(self):
        self.assert_not_kept(headers=[("Set-Cookie", "a=b")])

    def test_a_page_that_varies_on_more_than_we_tell_apart(self):
        self.assert_not_kept(headers=[("Vary", "Cookie, Accept-Language")])
        self.assert_not_kept(headers=[("Vary", "*")])

    def test_a_page_that_is_already_encoded(self):
        self.assert_not_kept(headers=[("Content-Encoding", "gzip")])

    def test_an_application_that_fails_holds_nobody_up(self):
        def fail(environ):
            raise RuntimeError("on purpose")

        cache, client = kept(Counting(before=fail))
        for _ in range(2):
            with self.assertRaises(RuntimeError):
                client.get("/lettings/")
        self.assertEqual(cache._turns, {})


class WithDjangoTests(TestCase):
    """The whole of Django behind the cache."""

    @classmethod
    def setUpTestData(cls):
        address = Address.objects.create(
            number=4, street="Military Street", city="Willoughby", state="OH", zip_code="44094"
        )
        cls.letting = Letting.objects.create(
            title="Oceanview Retreat", address=address, published_at=timezone.now()
        )
        cls.user = get_user_model().objects.create_user("ada")

    def setUp(self):
        keep_connections(self)
        self.cache, self.wsgi = kept(get_wsgi_application())

    def test_a_visitor_costs_no_query(self):
        path = self.letting.get_absolute_url()
        self.assertIn("Oceanview Retreat", self.wsgi.get(path).text)
        with self.assertNumQueries(0):
            response = self.wsgi.get(path)
        self.assertIn("Oceanview Retreat", response.text)
        self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])

    def test_someone_who_is_signed_in_gets_fresh_pages_that_nobody_else_may_keep(self):
        self.wsgi.get("/lettings/")
        self.client.force_login(self.user)
        cookie = f"sessionid={self.client.cookies['sessionid'].value}"
        response = self.wsgi.get("/lettings/", headers={"Cookie": cookie})
        self.assertEqual(response.headers["Cache-Control"], "private, no-cache")
        self.assertIn("Cookie", response.headers["Vary"])

    def test_an_unknown_host_is_refused_and_not_kept(self):
        with self.assertLogs("django.security.DisallowedHost", "ERROR"):
            response = self.wsgi.get("/lettings/", base_url="http://evil.example")
        self.assertEqual(response.status_code, 400)
        self.assertEqual(len(self.cache.memory), 0)

    def test_a_letting_that_is_not_there_is_not_kept(self):
        self.assertEqual(self.wsgi.get("/lettings/999/").status_code, 404)
        self.assertEqual(len(self.cache.memory), 0)
