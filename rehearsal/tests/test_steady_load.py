"""The load counts what visitors see, and reports the first failure in words."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rehearsal.steady_load import Load, Seen


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def do_GET(self):
        with self.server.lock:
            self.server.count += 1
            count = self.server.count
        commit = "a" * 40 if count < 40 else "b" * 40
        body = b'{"commit": "%s"}' % commit.encode()
        if count == self.server.cut_at:
            self.close_connection = True
            return
        self.send_response(503 if count == self.server.fail_at else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.count, server.lock, server.fail_at, server.cut_at = 0, threading.Lock(), 0, 0
    server.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, args=(0.05,)).start()
    yield server
    server.shutdown()
    server.server_close()


def visit(site, requests=120, **options):
    with Load(site.url, **options) as load:
        while site.count < requests:
            threading.Event().wait(0.01)
    return load.seen


def test_a_site_that_answers_has_no_failure_and_tells_its_commits(site):
    seen = visit(site, threads=1)
    assert seen.asked >= 120 and seen.failed == 0 and seen.words == []
    assert [commit[0] for _, commit in seen.commits] == ["a", "b"]
    assert "/version: aaaaaaaaaa (0 s) → bbbbbbbbbb" in str(seen)


def test_one_error_page_and_one_cut_connection_are_two_failures(site):
    site.fail_at, site.cut_at = 50, 70
    seen = visit(site)
    assert seen.failed == 2
    assert any("503 {" in words for words in seen.words)
    assert any("ProtocolError" in words or "closed connection" in words for words in seen.words)


def test_a_site_that_is_gone_fails_every_time(site):
    site.shutdown()
    site.server_close()
    with Load(site.url) as load:
        while load.seen.asked < 10:
            threading.Event().wait(0.01)
    assert load.seen.failed == load.seen.asked
    assert len(load.seen.words) == 5
    assert "refused" in load.seen.words[0]


def test_the_slowest_answer_is_named():
    seen = Seen()
    for path, seconds in (("/", 0.01), ("/lettings/", 0.25), ("/version", 0.02)):
        seen.add(path, seconds, "", "", 0)
    assert str(seen) == "3 requests, 0 failed, slowest 250 ms (/lettings/)"
