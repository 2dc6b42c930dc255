"""The request log: one line a request, its id on every line, and nothing secret in it."""

import importlib
import io
import json
import logging
import logging.config
from unittest import mock
from wsgiref.util import FileWrapper

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import TestCase, override_settings
from django.urls import path, re_path
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from core.observability import logs
from core.observability.request_log import RequestLog, request_id
from core.pagecache.wsgi import PageCache
from core.tests.connections import keep_connections
from core.web.security_middleware import WSGISecurityMiddleware
from dashboard.view_counts import CountViews
from lettings.models import Letting
from oc_lettings_site import wsgi, wsgi_middleware
from oc_lettings_site.wsgi_middleware import wrap

ok = get_wsgi_application  # any view will do for the URL patterns below
urlpatterns = [
    path("reset/<uidb64>/<token>/", ok),
    re_path(r"^confirm/(?P<key>.+)/$", ok),
    path("plain/<int:number>/", ok),
]


def answer(body=b"hello", status="200 OK"):
    def application(environ, start_response):
        start_response(status, [("Content-Type", "text/plain")])
        return (body,)

    return application


class RequestLogTests(TestCase):
    def setUp(self):
        keep_connections(self)

    def ask(self, url="/lettings/", application=None, **options):
        """Return the response and the one record that was logged for it."""
        client = Client(RequestLog(application or answer()), use_cookies=False)
        with self.assertLogs("oc_lettings_site.requests", "DEBUG") as logged:
            response = client.get(url, buffered=True, **options)
        (record,) = logged.records
        return response, record

    def test_what_a_line_says(self):
        def application(environ, start_response):
            Letting.objects.count()
            Letting.objects.exists()
            return answer()(environ, start_response)

        response, record = self.ask("/lettings/7/?q=x", application)
        self.assertEqual(record.fields["method"], "GET")
        self.assertEqual(record.fields["route"], "/lettings/<int:letting_id>/")
        self.assertEqual(record.fields["path"], "/lettings/7/")
        self.assertEqual(record.fields["status"], 200)
        self.assertEqual(record.fields["queries"], 2)
        self.assertEqual(record.fields["cache"], "none")
        self.assertGreater(record.fields["milliseconds"], 0)
        self.assertEqual(record.levelname, "INFO")

    def test_queries_of_another_request_are_not_counted(self):
        self.ask(application=lambda *args: [Letting.objects.count()] and answer()(*args))
        Letting.objects.count()
        self.assertEqual(self.ask()[1].fields["queries"], 0)

    def test_hits_and_misses(self):
        cache = PageCache(answer(), 1_000_000, lambda: b"token")
        self.assertEqual(self.ask(application=cache)[1].fields["cache"], "miss")
        response, record = self.ask(application=cache)
        self.assertEqual((record.fields["cache"], record.fields["route"]), ("hit", "/lettings/"))
        self.assertEqual(response.data, b"hello")

    def test_a_well_formed_id_is_taken_over(self):
        given = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
        response, _ = self.ask(headers={"X-Request-ID": given})
        self.assertEqual(response.headers["X-Request-ID"], given)

    def test_any_other_is_replaced(self):
        for given in ("", "short", "x" * 129, "spaces are bad", 'quo"te12', "null%00byte"):
            with self.subTest(given):
                response, _ = self.ask(headers={"X-Request-ID": given})
                self.assertRegex(response.headers["X-Request-ID"], r"^[0-9a-f]{32}$")

    def test_two_visitors_have_two_ids_even_on_a_kept_page(self):
        cache = PageCache(answer(), 1_000_000, lambda: b"token")
        ids = {self.ask(application=cache)[0].headers["X-Request-ID"] for _ in range(3)}
        self.assertEqual(len(ids), 3)

    def test_the_id_is_known_while_the_request_is_answered_and_not_after(self):
        seen = []

        def application(environ, start_response):
            seen.append(request_id())
            return answer()(environ, start_response)

        response, _ = self.ask(application=application)
        self.assertEqual(seen, [response.headers["X-Request-ID"]])
        self.assertEqual(request_id(), "")

    def test_errors(self):
        self.assertEqual(self.ask(application=answer(status="503 No"))[1].levelname, "ERROR")
        _, record = self.ask("/nowhere/", answer(status="404 Not Found"))
        self.assertEqual((record.levelname, record.fields["route"]), ("INFO", ""))

    def test_an_application_that_raises_is_logged_too(self):
        def application(environ, start_response):
            raise RuntimeError("on purpose")

        client = Client(RequestLog(application))
        with self.assertLogs("oc_lettings_site.requests") as logged:
            with self.assertRaises(RuntimeError):
                client.get("/")
        self.assertEqual(logged.records[0].fields["status"], 500)
        self.assertEqual(request_id(), "")

    def test_probes_are_no_news(self):
        for probe in ("/livez", "/readyz", "/version"):
            with self.assertNoLogs("oc_lettings_site.requests", "INFO"):
                Client(RequestLog(answer())).get(probe)

    def test_the_query_string_is_never_there(self):
        _, record = self.ask("/lettings/?token=s3cret")
        self.assertNotIn("s3cret", str(record.__dict__))

    @override_settings(ROOT_URLCONF=__name__)
    def test_nor_is_a_path_that_lets_one_in(self):
        for url in ("/reset/abc/s3cret/", "/confirm/s3cret/"):
            _, record = self.ask(url)
            self.assertNotIn("s3cret", str(record.__dict__))
        self.assertEqual(self.ask("/plain/5/")[1].fields["path"], "/plain/5/")

    def test_a_path_can_not_forge_a_second_line(self):
        _, record = self.ask("/x%0a12:00:00%20INFO%20forged/%c3%a9")
        self.assertEqual(record.fields["path"], "/x%0A12:00:00%20INFO%20forged/%C3%A9")

    def test_the_line_comes_after_the_last_byte(self):
        def application(environ, start_response):
            start_response("200 OK", [])
            yield b"a"
            self.assertEqual(request_id(), "12345678")
            yield b"b"

        headers = {"X-Request-ID": "12345678"}
        self.assertEqual(self.ask(application=application, headers=headers)[0].data, b"ab")

    def test_a_file_stays_one_for_the_server_and_is_closed(self):
        handle = io.BytesIO(b"file")

        def application(environ, start_response):
            start_response("200 OK", [])
            return environ["wsgi.file_wrapper"](handle)

        environ = EnvironBuilder("/static/x.css").get_environ()
        environ["wsgi.file_wrapper"] = FileWrapper
        with self.assertLogs("oc_lettings_site.requests"):
            answered = RequestLog(application)(environ, lambda *args: None)
            self.assertIsInstance(answered, FileWrapper)
            self.assertEqual(b"".join(answered), b"file")
            answered.close()
        self.assertTrue(handle.closed)

    def test_behind_django(self):
        _, record = self.ask("/lettings/", get_wsgi_application())
        self.assertEqual(record.fields["status"], 200)
        self.assertGreaterEqual(record.fields["queries"], 1)


class StackTests(TestCase):
    def test_without_proxies_or_cache(self):
        with override_settings(PAGE_CACHE_MB=0, TRUSTED_PROXIES=0):
            self.assertIsInstance(wrap(answer()), RequestLog)

    def test_with_all_of_it(self):
        with override_settings(PAGE_CACHE_MB=3, TRUSTED_PROXIES=2, TRUST_FORWARDED_HOST=True):
            outermost = wrap(answer())
        self.assertIsInstance(outermost, ProxyFix)
        self.assertEqual((outermost.x_for, outermost.x_proto, outermost.x_host), (2, 2, 2))
        self.assertIsInstance(outermost.app, RequestLog)
        security = outermost.app.application
        self.assertIsInstance(security, WSGISecurityMiddleware)
        self.assertIsInstance(security.application, CountViews)
        self.assertIsInstance(security.application.application, PageCache)
        kept = security.application.application.memory
        self.assertEqual(kept.max_bytes, 3 * 1024 * 1024)

    def test_the_host_is_a_switch_of_its_own(self):
        with override_settings(TRUSTED_PROXIES=1, TRUST_FORWARDED_HOST=False):
            self.assertEqual(wrap(answer()).x_host, 0)

    def test_the_stack_is_what_gunicorn_serves(self):
        with mock.patch.object(wsgi_middleware, "wrap", return_value="the stack"):
            importlib.reload(wsgi)
        self.addCleanup(importlib.reload, wsgi)
        self.assertEqual(wsgi.application, "the stack")


@pytest.fixture
def written():
    """Return a function that logs by our configuration, and returns what was written."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def write(as_json, action):
        stream = io.StringIO()
        configuration = logs.config(as_json)
        configuration["handlers"]["console"]["stream"] = stream
        logging.config.dictConfig(configuration)
        action()
        return stream.getvalue()

    yield write
    root.handlers, root.level = handlers, level
    logging.config.dictConfig({**logs.config(False), "root": {}, "handlers": {}, "loggers": {}})
    root.handlers = handlers
    root.setLevel(level)


def ask_once():
    headers = {"X-Request-ID": "abcdefgh"}
    environ = EnvironBuilder("/lettings/?a=b", headers=headers).get_environ()
    run_wsgi_app(RequestLog(answer()), environ)[0].close()


def test_one_line_of_json(written):
    (line,) = written(True, ask_once).splitlines()
    said = json.loads(line)
    assert said.pop("time") and said.pop("milliseconds") > 0
    assert said == {
        "level": "INFO",
        "logger": "oc_lettings_site.requests",
        "message": "request",
        "request_id": "abcdefgh",
        "method": "GET",
        "route": "/lettings/",
        "path": "/lettings/",
        "status": 200,
        "queries": 0,
        "cache": "none",
    }


def test_a_trace_is_one_line_of_json_too(written):
    def fail():
        try:
            raise RuntimeError("on purpose")
        except RuntimeError:
            logging.getLogger("anything").exception("It failed")

    (line,) = written(True, fail).splitlines()
    assert "RuntimeError: on purpose" in json.loads(line)["exception"]


def test_text_for_people(written):
    (line,) = written(False, ask_once).splitlines()
    assert "INFO GET /lettings/ 200 in " in line
    assert line.endswith(" ms, 0 queries, page cache: none")
    assert "plain words" in written(False, lambda: logging.warning("plain %s", "words"))
