"""manage.py sentry_check: one event, and the server's answer in words."""

import gzip
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from core.observability import sentry_check


class FakeSentry(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers["X-Sentry-Auth"], body))
        status, said = self.server.answer
        payload = json.dumps({"detail": said} if said else {"id": "x"}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), FakeSentry) as fake:
        fake.seen = []
        fake.answer = (200, "")
        thread = threading.Thread(target=fake.serve_forever, args=(0.02,))
        thread.start()
        yield fake
        fake.shutdown()
        thread.join()


def dsn(port):
    return f"http://thekey@127.0.0.1:{port}/42"


def test_accepted(server, settings, capsys):
    settings.SENTRY_DSN = dsn(server.server_port)
    settings.RELEASE = "4f2a9c1"
    call_command("sentry_check")
    ((path, auth, body),) = server.seen
    assert path == "/api/42/envelope/"
    assert "sentry_key=thekey" in auth
    header, _, event = map(json.loads, body.splitlines())
    assert event["release"] == "4f2a9c1"
    assert event["environment"] == "test"
    out = capsys.readouterr().out
    assert f"accepted. Look there for event {header['event_id']}" in out
    assert "thekey" not in out


@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        (400, "", "could not read the key or the event"),
        (401, "bad signature", 'does not know the key: copy SENTRY_DSN again.*"bad signature"'),
        (403, "", "may not send to this project"),
        (404, "", "there is no such project"),
        (429, "", "quota is spent"),
        (302, "", "not what Sentry answers"),
        (503, "", "the server is in trouble"),
    ],
)
def test_refused_in_words(server, settings, status, said, words):
    server.answer = (status, said)
    settings.SENTRY_DSN = dsn(server.server_port)
    with pytest.raises(CommandError, match=f"answered {status}: .*{words}"):
        call_command("sentry_check")


def test_an_answer_that_is_not_json(server):
    assert sentry_check._detail(b"<html>") == ""
    assert sentry_check._detail(gzip.compress(b"{}")) == ""


def test_nobody_listens():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        accepted, words = sentry_check.send(dsn(unused.getsockname()[1]), "r", "test")
    assert not accepted
    assert "refused the connection on port" in words


def test_no_answer():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        accepted, words = sentry_check.send(dsn(silent.getsockname()[1]), "r", "test", timeout=0.2)
    assert not accepted
    assert "no answer in 0.2 s" in words


def test_no_such_name():
    accepted, words = sentry_check.send("https://thekey@sentry.invalid/1", "r", "test")
    assert not accepted
    assert "no computer has the name sentry.invalid" in words


def test_not_tls(server):
    accepted, words = sentry_check.send(
        dsn(server.server_port).replace("http:", "https:"), "r", "test"
    )
    assert not accepted
    assert "certificate can't be trusted" in words


def test_a_connection_that_breaks():
    with socket.socket() as rude:
        rude.bind(("127.0.0.1", 0))
        rude.listen()

        def hang_up():
            rude.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        accepted, words = sentry_check.send(dsn(rude.getsockname()[1]), "r", "test")
        thread.join()
    assert not accepted
    assert "the connection broke" in words


def test_no_dsn(settings):
    settings.SENTRY_DSN = ""
    with pytest.raises(CommandError, match="SENTRY_DSN is not set.*\n  fix: export SENTRY_DSN="):
        call_command("sentry_check")
