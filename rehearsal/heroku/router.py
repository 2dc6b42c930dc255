"""The router: one port an app, plain HTTP or TLS on the same port, to one of the web dynos."""

from __future__ import annotations

import http.client
import random
import re
import socket
import ssl
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .dynos import Dyno
from .store import App

REQUEST_SECONDS = 30  # H12: https://devcenter.heroku.com/articles/error-codes
BOOT_WAIT_SECONDS = 75  # H20
HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te"),
    *("trailers", "transfer-encoding", "upgrade"),
}
REQUEST_ID = re.compile(r"[A-Za-z0-9+/=-]{20,200}")
ERRORS = {
    "H10": "App crashed",
    "H12": "Request timeout",
    "H13": "Connection closed without response",
    "H14": "No web processes running",
    "H20": "App boot timeout",
    "H80": "Maintenance mode",
}
PAGE = (
    "<!DOCTYPE html><html><head><title>Application Error</title></head><body>"
    "<h1>Application error</h1><p>An error occurred in the application and your page could not "
    "be served. If you are the application owner, check your logs for details: "
    "<code>heroku logs --tail</code></p></body></html>\n"
)


class Failed(Exception):
    """A request that no dyno answered; the text is Heroku's error code."""


class Router(ThreadingHTTPServer):
    """Listens for one app."""

    daemon_threads = True
    request_queue_size = 512
    allow_reuse_address = True

    def __init__(self, app: App, tls: ssl.SSLContext | None, seconds: float = REQUEST_SECONDS):
        self.app, self.tls, self.seconds = app, tls, seconds
        super().__init__(("127.0.0.1", app.port), Request)

    def serve(self) -> None:
        """Start serving, in a thread."""
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def choose(self) -> Dyno:
        """Return a web dyno that is up, at random as Heroku does; wait while one starts."""
        if self.app.maintenance:
            raise Failed("H80")
        end = time.monotonic() + BOOT_WAIT_SECONDS
        while time.monotonic() < end:
            web = [dyno for dyno in list(self.app.dynos) if dyno.type == "web"]
            up = [dyno for dyno in web if dyno.state == "up"]
            if up:
                return random.choice(up)
            if not any(dyno.state in ("starting", "down") for dyno in web):
                raise Failed("H10" if web else "H14")
            time.sleep(0.05)
        raise Failed("H20")

    def handle_error(self, request, client_address) -> None:
        """Say nothing: a client that goes away is its own affair."""


class Request(BaseHTTPRequestHandler):
    """One client's connection."""

    protocol_version = "HTTP/1.1"
    server: Router
    timeout = 90
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Speak TLS if the first byte is that of a TLS handshake."""
        self.secure = False
        self.request.settimeout(self.timeout)
        if self.server.tls and self.request.recv(1, socket.MSG_PEEK) == b"\x16":
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            self.secure = True
        super().setup()

    def finish(self) -> None:
        """Close what TLS was spoken on, too."""
        super().finish()
        if self.secure:
            self.request.close()

    def handle_one_request(self) -> None:
        """Read a request, hand it on, log it."""
        try:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline:
                self.close_connection = True
                return
            if self.parse_request():
                self._hand_on()
        except (TimeoutError, ConnectionError, ssl.SSLError):
            self.close_connection = True

    def _hand_on(self) -> None:
        self.began = time.monotonic()
        given = self.headers.get("X-Request-ID", "")
        self.id = given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        self.sent = 0
        body = self._body()
        dyno, status, code = None, 503, ""
        try:
            dyno, connection = self._connect(body)
            try:
                status = self._answer(dyno, connection)
            finally:
                dyno.busy -= 1
                connection.close()
        except Failed as failed:
            code = str(failed)
            self._error_page()
        self._log(dyno, status, code)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _connect(self, body: bytes) -> tuple[Dyno, http.client.HTTPConnection]:
        """Send the request to a dyno; one that refuses the connection has not seen it."""
        for _ in range(3):
            dyno = self.server.choose()
            connection = http.client.HTTPConnection("127.0.0.1", dyno.port, self.server.seconds)
            try:
                connection.connect()
            except OSError:
                time.sleep(0.05)
                continue
            dyno.busy += 1
            connection.putrequest(
                self.command, self.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in self._headers(body):
                connection.putheader(name, value)
            connection.endheaders(body or None)
            return dyno, connection
        raise Failed("H10")

    def _headers(self, body: bytes) -> list[tuple[str, str]]:
        """Return the dyno's headers: https://devcenter.heroku.com/articles/http-routing"""
        dropped = HOP_BY_HOP | {"content-length", "x-request-id", "x-forwarded-for"}
        dropped |= {"x-forwarded-proto", "x-forwarded-port", "x-request-start"}
        kept = [(n, v) for n, v in self.headers.items() if n.lower() not in dropped]
        before = self.headers.get("X-Forwarded-For")
        chain = f"{before}, {self.client_address[0]}" if before else self.client_address[0]
        added = {
            "Connection": "close",
            "X-Forwarded-For": chain,
            "X-Forwarded-Proto": "https" if self.secure else "http",
            "X-Forwarded-Port": "443" if self.secure else "80",
            "X-Request-ID": self.id,
            "X-Request-Start": str(int(time.time() * 1000)),
            "Via": "1.1 heroku-router",
        }
        if body or self.command in {"POST", "PUT", "PATCH"}:
            added["Content-Length"] = str(len(body))
        return kept + list(added.items())

    def _answer(self, dyno: Dyno, connection: http.client.HTTPConnection) -> int:
        try:
            answer = connection.getresponse()
        except TimeoutError:
            raise Failed("H12") from None
        except (http.client.HTTPException, ConnectionError):
            raise Failed("H13") from None
        length = answer.getheader("Content-Length")
        bodiless = self.command == "HEAD" or answer.status in (204, 304)
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Via", "1.1 heroku-router")
        chunked = length is None and not bodiless
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not bodiless and (part := answer.read1(65536)):
            self.sent += len(part)
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")
        return answer.status

    def _error_page(self) -> None:
        body = PAGE.encode()
        self.sent = len(body)
        self.send_response_only(503, "Service Unavailable")
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-cache, no-store"),
            ("Content-Length", str(len(body))),
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _log(self, dyno: Dyno | None, status: int, code: str) -> None:
        took = (time.monotonic() - self.began) * 1000
        level = f'at=error code={code} desc="{ERRORS[code]}"' if code else "at=info"
        self.server.app.log.add(
            "heroku",
            "router",
            f'{level} method={self.command} path="{self.path}" '
            f"host={self.headers.get('Host', '')} request_id={self.id} "
            f'fwd="{self.client_address[0]}" dyno={dyno.name if dyno else ""} connect=0ms '
            f"service={took:.0f}ms status={status} bytes={self.sent} "
            f"protocol={'https' if self.secure else 'http'}",
        )
