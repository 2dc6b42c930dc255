"""bin/smoke: all checks pass on our own site, and each fault is found."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3

from deploy.cli import Stop
from deploy.smoke import Response, Visitor, findings, smoke

GOOD = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Encoding": "gzip",
}
COMMIT = "2" * 40


class Site(Visitor):
    """A site whose pages are given; each page is status, headers, text."""

    def __init__(self, **changes):
        self.url = "http://site.example"
        css = '<link rel="stylesheet" href="/static/site.1234.css">'
        self.pages = {
            "/livez": (200, {}, "alive"),
            "/readyz": (200, {}, '{"status": "ready"}'),
            "/version": (200, {}, f'{{"commit": "{COMMIT}"}}'),
            "/": (200, GOOD, "Holiday Homes" + css),
            "/lettings/": (200, GOOD, 'Lettings <a href="/lettings/7/">'),
            "/lettings/7/": (200, GOOD, "A house"),
            "/profiles/": (200, GOOD, "Profiles"),
            "/static/site.1234.css": (200, {"Cache-Control": "max-age=31536000, immutable"}, ""),
            "/this-page-is-not-there/": (404, GOOD, ""),
        } | changes

    def get(self, path):
        status, headers, text = self.pages[path]
        return Response(path, status, urllib3.HTTPHeaderDict(headers), text, 0.01)


def faults(commit="", **changes):
    return {f.what: f.wrong for f in findings(Site(**changes), commit) if f.wrong}


def test_a_good_site_has_none():
    assert faults(COMMIT) == {}


@pytest.mark.parametrize(
    ("path", "page", "words"),
    [
        ("/livez", (503, {}, ""), {"/livez": "503: "}),
        ("/readyz", (503, {}, '{"cache": "failed"}'), {"/readyz": '503: {"cache": "failed"}'}),
        ("/version", (404, {}, ""), {"/version": "404, and no commit"}),
        ("/", (200, GOOD, "Holiday Homes"), {"style sheet": "the home page links to none"}),
        ("/profiles/", (500, GOOD, ""), {"/profiles/": "is answered 500"}),
        ("/profiles/", (200, GOOD, "Welcome"), {"/profiles/": "does not say 'Profiles'"}),
        (
            "/lettings/7/",
            (200, GOOD | {"Set-Cookie": "a=b"}, ""),
            {"/lettings/7/": "sets a cookie, so no cache may keep it"},
        ),
        (
            "/profiles/",
            (200, GOOD | {"Content-Encoding": ""}, "Profiles"),
            {"/profiles/": "is not compressed"},
        ),
        (
            "/static/site.1234.css",
            (404, {}, ""),
            {"/static/site.1234.css": "is answered 404: were static files collected?"},
        ),
        ("/static/site.1234.css", (200, {}, ""), {"style sheet": "is not kept for a year"}),
        (
            "/this-page-is-not-there/",
            (200, {}, ""),
            {"a page that isn't there": "is answered 200"},
        ),
    ],
)
def test_each_fault_is_found(path, page, words):
    assert faults(**{path: page}) == words


def test_a_site_without_lettings_is_well_with_a_word(monkeypatch, capsys):
    """The first release of all, on staging and on production."""
    none = {"/lettings/": (200, GOOD, "Lettings"), "/api/v1/lettings": (200, {}, '{"items": []}')}
    empty = Site(**none)
    monkeypatch.setattr("deploy.smoke.Visitor", lambda url: empty)
    smoke("http://site.example", COMMIT)
    said = capsys.readouterr().out
    assert "note a letting" in said and "/lettings/ links to none" in said
    assert "FAIL" not in said and "http://site.example passed all checks" in said


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            (200, {}, '{"items": [{"id": 7}]}'),
            "/lettings/ links to none, and /api/v1/lettings has",
        ),
        ((503, {}, "<h1>Sorry"), "/lettings/ links to none, and /api/v1/lettings is answered 503"),
        ((200, {}, "[]"), "/lettings/ links to none, and /api/v1/lettings is answered 200"),
    ],
)
def test_a_list_that_is_empty_though_there_are_lettings(answer, words):
    found = faults(**{"/lettings/": (200, GOOD, "Lettings"), "/api/v1/lettings": answer})
    assert found["a letting"].startswith(words)


def test_another_commit_is_found():
    assert faults("3" * 40) == {"/version 2222222222": "says commit 2222222222, not 3333333333"}


def test_a_commit_may_be_named_shortly():
    assert not faults(COMMIT[:10])


def test_missing_headers_are_found():
    home = (200, {"Content-Encoding": "gzip"}, 'Holiday Homes href="/static/site.1234.css"')
    assert "X-Frame-Options lacks 'DENY'" in faults(**{"/": home})["security headers"]


def test_a_fault_stops(monkeypatch, capsys):
    monkeypatch.setattr("deploy.smoke.Visitor", lambda url: Site(**{"/livez": (500, {}, "")}))
    with pytest.raises(Stop, match="1 check"):
        smoke("http://site.example", "")
    assert "FAIL /livez" in capsys.readouterr().out


@pytest.fixture
def served():
    """Serve the good site's pages on a port of this machine; return its address."""
    pages = Site().pages

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, text = pages[self.path]
            body = gzip.compress(text.encode()) if headers is GOOD else text.encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_site_is_really_visited(served, capsys):
    smoke(served, COMMIT)
    said = capsys.readouterr().out
    assert f"smoke: {served} passed all checks" in said
    assert said.count("  ok   ") == 10


def test_a_site_that_does_not_answer(served, monkeypatch):
    monkeypatch.setattr("deploy.smoke.RETRIES", urllib3.Retry(0))
    with pytest.raises(Stop, match="http://127.0.0.1:9/livez gives no answer"):
        smoke("http://127.0.0.1:9", "")
