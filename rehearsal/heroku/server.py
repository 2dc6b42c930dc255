"""Speak HTTP for the API; also the proxy through which the real Heroku CLI reaches it by TLS."""

from __future__ import annotations

import base64
import hmac
import json
import re
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from .api import Platform
from .store import Refused

# The CLI takes hosts of Heroku's own domains alone; nobody resolves this one, the proxy answers.
DOMAIN = "rehearsal.herokudev.com"
RANGE = re.compile(r"(?:order=(?P<order>\w+))|(?:max=(?P<max>\d+))")


class Server(ThreadingHTTPServer):
    """The API's socket."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], key: str, tls: ssl.SSLContext) -> None:
        self.key, self.tls = key, tls
        self.platform: Platform | None = None
        super().__init__(address, Api)

    def serve(self) -> None:
        """Start serving, in a thread."""
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def handle_error(self, request, client_address) -> None:
        """Say nothing: a client that goes away is its own affair."""


class Api(BaseHTTPRequestHandler):
    """One client of the API."""

    protocol_version = "HTTP/1.1"
    server: Server
    timeout = 120
    disable_nagle_algorithm = True

    def log_message(self, *args: Any) -> None:
        """Write no access log."""

    def do_CONNECT(self) -> None:
        """Take the tunnel's other end to be the API, or the registry, by TLS."""
        host = self.path.partition(":")[0]
        if not host.endswith(DOMAIN):
            self.send_error(403, "This proxy leads to the rehearsal's platform only")
            return
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def finish(self) -> None:
        """Close the tunnel's TLS, too."""
        super().finish()
        self.connection.close()

    def do_GET(self) -> None:
        """Answer streams, logs and the registry; everything else is the API's."""
        path = urlsplit(self.path).path
        if path.startswith("/streams/"):
            self._stream_output(path.rpartition("/")[2])
        elif path.startswith("/logs/"):
            self._stream_log(path.rpartition("/")[2])
        elif path.startswith("/v2/") and self._known():
            status, body, headers = self.server.platform.images.manifest(path)
            self._send(status, body, headers)
        else:
            self._api()

    def do_POST(self) -> None:
        """Answer by the API."""
        self._api()

    do_PATCH = do_DELETE = do_POST

    def _api(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if not self._known():
                raise Refused(401, "unauthorized", "Invalid credentials provided.")
            given = json.loads(body) if body else {}
            accept = self.headers.get("Accept", "")
            path = urlsplit(self.path).path
            status, shown = self.server.platform.answer(self.command, path, given, accept)
        except Refused as refused:
            status, shown = refused.status, {"id": refused.id, "message": refused.message}
        except (ValueError, KeyError, TypeError) as error:
            status = 400
            shown = {"id": "bad_request", "message": f"The request was not understood: {error}"}
        headers = {"Content-Type": "application/json"}
        if isinstance(shown, list) and status == 200:
            shown, more = in_range(shown, self.headers.get("Range", ""))
            headers |= more
            status = 206 if "Next-Range" in more else 200
        self._send(status, json.dumps(shown).encode(), headers)

    def _known(self) -> bool:
        """Return whether the key came: as a bearer token, or as the password of any user."""
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            given = base64.b64decode(given).decode(errors="replace").partition(":")[2]
        return hmac.compare_digest(given.encode(), self.server.key.encode())

    def _stream_output(self, release: str) -> None:
        for app in list(self.server.platform.store.apps.values()):
            for found in app.releases:
                if found.id == release and found.output:
                    self._chunks(found.output.read(), "text/plain")
                    return
        self._send(404, b"", {})

    def _stream_log(self, session: str) -> None:
        wanted = self.server.platform.log_sessions.get(session)
        if not wanted:
            self._send(404, b"", {})
            return
        log, chosen = wanted["app"].log, (wanted.get("dyno") or "", wanted.get("source") or "")
        events = "event-stream" in self.headers.get("Accept", "")
        form = "data: {}\n\n" if events else "{}\n"

        def lines():
            for line in log.lines(*chosen, newest=int(wanted.get("lines") or 100)):
                yield form.format(line)
            if wanted.get("tail"):
                for line in log.follow(*chosen):
                    yield form.format(line)

        self._chunks(lines(), "text/event-stream" if events else "text/plain")

    def _chunks(self, parts, kind: str) -> None:
        self.send_response_only(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in parts:
            data = part.encode()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.write(b"0\r\n\r\n")

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def in_range(things: list[Any], wanted: str) -> tuple[list[Any], dict[str, str]]:
    """Return the part of a list that a Range header asks for, and the headers that say so.

    https://devcenter.heroku.com/articles/platform-api-reference#ranges
    """
    asked: dict[str, str] = {}
    for found in RANGE.finditer(wanted):
        asked |= {key: value for key, value in found.groupdict().items() if value}
    if asked.get("order") == "desc":
        things = things[::-1]
    most = int(asked.get("max", 200))
    headers = {"Accept-Ranges": "id, version, name", "Content-Range": f"id ..; max={most}"}
    if len(things) > most:
        headers["Next-Range"] = f"id ]{things[most - 1].get('id')}..; max={most}"
    return things[:most], headers
