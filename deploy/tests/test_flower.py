"""nginx in front of Flower (deploy/flower/nginx.conf): only staff can open it."""

import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.urls import resolve

from background.tests.smtp import free_port

CONF = Path(__file__).resolve().parents[1] / "flower" / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
pytestmark = pytest.mark.skipif(
    not NGINX, reason="nginx is not on this machine: apt install nginx-light"
)
# What the site's view answers (dashboard/tests/test_pages.py), by the cookie that was sent.
ASKED = "/dashboard/site/is-staff/"
ANSWERS = {"who=staff": 204, "who=guest": 403, "": 401}


class Quiet(BaseHTTPRequestHandler):
    def answer(self, status, body=b""):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Site(Quiet):
    """Knows who is staff, and shows its pages to everybody."""

    def do_GET(self):
        if self.path == ASKED:
            self.answer(ANSWERS[self.headers.get("Cookie", "")])
        else:
            self.answer(200, b"the site")


class Flower(Quiet):
    """Shows everything to everybody, as the real one does."""

    def do_GET(self):
        self.answer(200, b"the queue")


@contextmanager
def serving(handler):
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    """The port of an nginx before the site and Flower."""
    port, folder = free_port(), tmp_path_factory.mktemp("nginx")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;"
        f"events {{}} http {{ access_log off; {temporary} include {folder}/site.conf; }}"
    )
    with serving(Site) as site, serving(Flower) as flower:
        conf = CONF.read_text().replace("listen 8080", f"listen 127.0.0.1:{port}")
        conf = conf.replace("http://web:8000", site).replace("http://flower:5555", flower)
        (folder / "site.conf").write_text(conf)
        argv = [NGINX, "-p", folder, "-c", folder / "nginx.conf"]
        with subprocess.Popen(argv, stderr=subprocess.DEVNULL) as nginx:
            try:
                wait_for(port, folder)
                yield port
            finally:
                nginx.terminate()


def wait_for(port, folder):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            return ask(port, "/")
        except OSError:
            time.sleep(0.05)
    raise AssertionError((folder / "log").read_text())


def ask(port, path, who=""):
    """Return status, body and Location."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Cookie": f"who={who}"} if who else {})
        response = connection.getresponse()
        return response.status, response.read(), response.getheader("Location")
    finally:
        connection.close()


def test_staff_see_the_queue_and_nobody_else(front):
    assert ask(front, "/flower/")[::2] == (302, "/accounts/login/?next=/flower/")
    assert ask(front, "/flower/tasks", "guest")[0] == 403
    assert ask(front, "/flower/", "staff")[:2] == (200, b"the queue")


def test_what_asks_the_site_is_not_to_be_asked(front):
    assert ask(front, "/is-staff", "staff")[0] == 404


def test_the_site_is_behind_it_as_ever(front):
    assert ask(front, "/lettings/")[:2] == (200, b"the site")


def test_the_site_knows_what_it_is_asked():
    assert resolve(ASKED).view_name == "dashboard:is_staff"
