"""Heroku's registry: Debian's, behind a front that refuses what Heroku's refuses.

Of Heroku's refusals those are here that its users tell of, in its words:

- any manifest but docker's schema 2, above all OCI's and lists of manifests, with 405 UNSUPPORTED:
  https://github.com/heroku/cli/issues/3222, https://github.com/gperdomor/oss/issues/728,
  https://github.com/akhilerm/tag-push-action/issues/299;
- a name that is no app's, with 400 and not a word:
  https://github.com/heroku/heroku-container-tools/issues/173.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from deploy.image.commands import SCHEMA_2
from deploy.image.docker import RUN, free_port

from ..services import Registry

UNSUPPORTED = {"errors": [{"code": "UNSUPPORTED", "message": "The operation is unsupported."}]}
REPOSITORY = re.compile(r"/v2/(?P<app>.+?)/(?P<process>[^/]+)/(?:blobs|manifests)/")
# https://devcenter.heroku.com/articles/platform-api-reference#app-create-optional-parameters
APP = re.compile(r"[a-z][a-z0-9-]{1,28}[a-z0-9]")
BLOCK = 1 << 16
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive"}


class HerokuRegistry(Registry):
    """A registry at ``address``, for whoever has the key; ``received`` counts bytes of blobs."""

    def __init__(self, directory: Path, port: int, key: str, *, run: str = RUN) -> None:
        super().__init__(directory, 0, "_", key, run=run)
        self.front_port = port or free_port()
        self.address = f"127.0.0.1:{self.front_port}"
        self.front: Front | None = None
        self.received = 0

    def start(self) -> Self:
        """Start the registry, then its front."""
        super().start()
        self.front = Front(self)
        threading.Thread(target=self.front.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop both; nobody answers any more."""
        self._close()
        super().stop()

    def remove(self) -> None:
        """Remove it, with all it holds."""
        self._close()
        super().remove()

    def _close(self) -> None:
        if self.front:
            self.front.shutdown()
            self.front.server_close()
            self.front = None


class Front(ThreadingHTTPServer):
    """Hands requests on to the registry behind it, but for those that Heroku refuses."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, registry: HerokuRegistry) -> None:
        self.registry, self.lock = registry, threading.Lock()
        super().__init__(("127.0.0.1", registry.front_port), Request)

    def count(self, size: int) -> None:
        """Count bytes of blobs that came."""
        with self.lock:
            self.registry.received += size

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away is its own affair."""


class Request(BaseHTTPRequestHandler):
    """One client of the registry."""

    protocol_version = "HTTP/1.1"
    # A client that tries TLS first must be told in HTTP, not in HTTP 0.9, to try without.
    default_request_version = "HTTP/1.0"
    server: Front
    timeout = 120
    disable_nagle_algorithm = True

    def log_message(self, *args: Any) -> None:
        """Write no access log."""

    def hand_on(self) -> None:
        """Answer as the registry behind does, or refuse."""
        refusal = self.refused()
        if refusal:
            for _ in self.body():
                pass
            self.reply(*refusal)
            return
        behind = http.client.HTTPConnection("127.0.0.1", self.server.registry.port, timeout=60)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
            chunked = "Content-Length" not in self.headers and self.has_body()
            headers |= {"Transfer-Encoding": "chunked"} if chunked else {}
            body = self.body() if self.has_body() else None
            behind.request(self.command, self.path, body, headers, encode_chunked=chunked)
            self.pass_back(behind.getresponse())
        finally:
            behind.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = hand_on

    def refused(self) -> tuple[int, bytes] | None:
        """Return status and body of Heroku's refusal, of a request that it refuses."""
        path = urlsplit(self.path).path
        found = REPOSITORY.match(path)
        if found and not APP.fullmatch(found["app"]):
            return 400, b""
        kind = self.headers.get("Content-Type", "").partition(";")[0]
        known = "Authorization" in self.headers
        if self.command == "PUT" and "/manifests/" in path and known and kind != SCHEMA_2:
            return 405, json.dumps(UNSUPPORTED).encode()
        return None

    def has_body(self) -> bool:
        """Return whether the client sends something."""
        chunked = self.headers.get("Transfer-Encoding", "").lower() == "chunked"
        return chunked or "Content-Length" in self.headers

    def body(self) -> Iterator[bytes]:
        """Yield what the client sends, however it sends it."""
        for data in self.pieces():
            if "/blobs/uploads/" in self.path:
                self.server.count(len(data))
            yield data

    def pieces(self) -> Iterator[bytes]:
        """Yield the pieces of a body of known length, or in chunks."""
        left = int(self.headers.get("Content-Length") or 0)
        chunked = self.headers.get("Transfer-Encoding", "").lower() == "chunked"
        while chunked or left:
            if not left:
                left = int(self.rfile.readline().split(b";")[0], 16)
                if not left:
                    self.rfile.readline()
                    return
            data = self.rfile.read(min(left, BLOCK))
            if not data:
                raise ConnectionError("the client went away")
            left -= len(data)
            if chunked and not left:
                self.rfile.readline()
            yield data

    def pass_back(self, answer: http.client.HTTPResponse) -> None:
        """Send the registry's answer on."""
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if self.command == "HEAD" or "Content-Length" in answer.headers:
            self.end_headers()
            while data := answer.read(BLOCK):
                self.wfile.write(data)
            return
        whole = answer.read()
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole)

    def reply(self, status: int, body: bytes) -> None:
        """Answer with a refusal."""
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
