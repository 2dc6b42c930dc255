"""The page cache, as WSGI middleware around Django and around applications made for a test."""

import gzip
import threading
import time
from unittest import mock

import brotli
from django.contrib.auth import get_user_model
from django.core.wsgi import get_wsgi_application
from django.test import TestCase
from django.utils import timezone
from werkzeug.test import Client, EnvironBuilder

from core.pagecache.entries import Memory, accepted, make_entry, matches
from core.pagecache.invalidation import MemoryToken
from core.pagecache.wsgi import PageCache
from core.tests.connections import keep_connections
from lettings.models import Address, Letting

BODY = b"<p>Letting</p>" * 200


class Counting:
    """An application that counts its calls and answers what it is told to."""

    def __init__(self, status="200 OK", headers=(), body=BODY, before=lambda environ: None):
        self.status, self.headers, self.body, self.before = status, headers, body, before
        self.environs = []
        self.closed = 0

    def __call__(self, environ, start_response):
        self.environs.append(environ)
        self.before(environ)
        start_response(self.status, [("Content-Type", "text/html"), *self.headers])
        return self

    def __iter__(self):
        yield from (self.body[:100], self.body[100:])

    def close(self):
        self.closed += 1

    @property
    def calls(self):
        return len(self.environs)


def kept(application=None, **options):
    """A page cache, and a client that keeps no cookies of its own."""
    token = MemoryToken()
    application = application or Counting()
    cache = PageCache(application, 1_000_000, token.read, **options)
    cache.generation = token
    return cache, Client(cache, use_cookies=False)


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


class ManyAtOnceTests(TestCase):
    """Twenty visitors at once, and a page that takes a while."""

    def visit(self, client, count=20, paths=("/lettings/",)):
        answers = [None] * count

        def one(number):
            answers[number] = client.get(paths[number % len(paths)])

        threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        return answers

    def test_one_has_it_made_and_the_others_wait(self):
        page = Counting(before=lambda environ: time.sleep(0.2))
        _, client = kept(page)
        answers = self.visit(client)
        self.assertEqual(page.calls, 1)
        self.assertEqual({answer.data for answer in answers}, {BODY})

    def test_different_pages_are_made_side_by_side_and_not_mixed_up(self):
        gate = threading.Barrier(4, timeout=10)

        def application(environ, start_response):
            gate.wait()
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [environ["QUERY_STRING"].encode() * 300]

        _, client = kept(application)
        paths = [f"/lettings/?{letter}" for letter in "abcd"]
        answers = self.visit(client, 20, paths)
        for number, answer in enumerate(answers):
            self.assertEqual(answer.data, paths[number % 4][-1].encode() * 300)

    def test_what_can_not_be_shared_is_not_queued_for(self):
        gate = threading.Barrier(2, timeout=10)
        calls = []

        def application(environ, start_response):
            calls.append(1)
            if len(calls) > 1:
                gate.wait()  # passes only when the other waiter renders at the same time
            else:
                time.sleep(0.2)
            start_response("404 Not Found", [])
            return [b"none"]

        _, client = kept(application)
        answers = self.visit(client, 3)
        self.assertEqual([answer.status_code for answer in answers], [404] * 3)

    def test_a_page_that_hangs_leaves_the_old_one_to_the_others(self):
        page = Counting()
        cache, client = kept(page)
        client.get("/lettings/")
        cache.generation.change()
        release, started = threading.Event(), threading.Event()

        def hang(environ):
            started.set()
            release.wait(10)

        page.before, page.body = hang, b"new"
        first = threading.Thread(target=client.get, args=("/lettings/",))
        first.start()
        started.wait(10)
        with self.patience(0.05):
            self.assertEqual(client.get("/lettings/").data, BODY)
        release.set()
        first.join()
        self.assertEqual(client.get("/lettings/").data, b"new")

    def test_a_page_that_hangs_for_the_first_time_is_made_once_more(self):
        release, started = threading.Event(), threading.Event()

        def hang_once(environ):
            if not started.is_set():
                started.set()
                release.wait(10)

        page = Counting(before=hang_once)
        _, client = kept(page)
        first = threading.Thread(target=client.get, args=("/lettings/",))
        first.start()
        started.wait(10)
        with self.patience(0.05):
            self.assertEqual(client.get("/lettings/").data, BODY)
        release.set()
        first.join()

    def patience(self, seconds):
        return mock.patch("core.pagecache.wsgi.PATIENCE", seconds)


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


class EncodingTests(TestCase):
    def test_quality_values(self):
        for header, expected in (
            ("", ("identity",)),
            ("gzip, deflate, br, zstd", ("br", "gzip", "identity")),
            ("gzip;q=1.0, br;q=0.5", ("gzip", "br", "identity")),
            ("br;q=0, gzip", ("gzip", "identity")),
            ("GZIP", ("gzip", "identity")),
            ("x-gzip", ("gzip", "identity")),
            ("*", ("br", "gzip", "identity")),
            ("*;q=0", ()),
            ("identity;q=0, gzip", ("gzip",)),
            ("br; q=wrong", ("identity",)),
            ("deflate", ("identity",)),
        ):
            with self.subTest(header):
                self.assertEqual(accepted(header), expected)

    def test_weak_comparison_and_lists(self):
        self.assertTrue(matches('"a"', ' W/"b" ,W/"a"'))
        self.assertFalse(matches('"a"', '"a-br"'))
        self.assertFalse(matches('"a"', ""))

    def test_a_short_page_is_sent_as_it_is(self):
        entry = make_entry(b"", 0, "", [], b"short")
        self.assertEqual(entry.variant("br").body, [b"short"])
        self.assertEqual(list(entry.variants), ["identity"])


class MemoryTests(TestCase):
    def entry(self, size):
        return make_entry(b"", 0, "", [], b"x" * size)

    def test_the_least_used_makes_room(self):
        memory = Memory(3 * (400 + 2048 + 10))
        for name in "abc":
            memory.put((name,), self.entry(400))
        memory.get(("a",))
        memory.put(("d",), self.entry(400))
        self.assertIsNone(memory.get(("b",)))
        self.assertIsNotNone(memory.get(("a",)))
        self.assertEqual(len(memory), 3)

    def test_the_size_is_bounded_and_counted_right(self):
        memory = Memory(100_000)
        for number in range(1000):
            memory.put((str(number % 200),), self.entry(400 + number % 90))
            self.assertLessEqual(memory.size, 100_000)
        while memory._entries:
            memory._drop(next(iter(memory._entries)))
        self.assertEqual(memory.size, 0)

    def test_what_is_larger_than_everything_is_not_kept(self):
        memory = Memory(5000)
        memory.put(("a",), self.entry(400))
        memory.put(("a",), make_entry(b"", 0, "", [("X", "y" * 6000)], b""))
        self.assertIsNone(memory.get(("a",)))


def test_the_shared_answer_can_not_be_changed_by_an_outer_layer():
    cache, client = kept()
    client.get("/lettings/")
    seen = []
    environ = EnvironBuilder("/lettings/").get_environ()
    cache(environ, lambda status, headers: seen.append(headers))
    before = list(seen[0])
    client.get("/lettings/")
    assert seen[0] == before
