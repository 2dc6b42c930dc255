"""A registry in memory, as Docker Hub's is: tokens, blobs from elsewhere, uploads, mounts, faults.

https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from deploy.image.commands import SCHEMA_2

PASSWORD = "hub-secret"
BLOB = re.compile(r"/v2/(?P<name>.+)/blobs/(?P<digest>sha256:\w+)")
MANIFEST = re.compile(r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)")
UPLOAD = re.compile(r"/v2/(?P<name>.+)/blobs/uploads/(?P<id>\w*)")


def digest_of(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Registry(ThreadingHTTPServer):
    """Serves until closed; ``login`` is how it asks for one.

    ``faults``: part of a request, status and body of the answer that the next such one gets; 0
    breaks the connection. ``received`` and ``sent`` count bytes of blobs.
    """

    daemon_threads = True

    def __init__(self, login: str = "Bearer") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server_port}"
        self.login = login
        self.tokens: dict[str, list[str]] = {}
        self.blobs: dict[str, dict[str, bytes]] = {}
        self.manifests: dict[str, dict[str, tuple[str, bytes]]] = {}
        self.uploads: dict[str, bytes] = {}
        self.faults: list[tuple[str, int, str]] = []
        self.asked: list[str] = []
        self.received = self.sent = 0
        self.takes_mounts = True
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, request, client_address) -> None:
        """Say nothing: some tests break connections."""

    def put(
        self, name: str, tag: str, command: str, kind: str = SCHEMA_2, size: int = 3000
    ) -> str:
        """Keep an image of two layers, the same for all; return its manifest's digest."""
        layers = [b"base" * size, b"site" * 10]
        labels = {"org.opencontainers.image.revision": "2" * 40}
        config = json.dumps({"config": {"Cmd": [command], "Labels": labels}}).encode()
        blobs = self.blobs.setdefault(name, {})
        blobs.update({digest_of(blob): blob for blob in (*layers, config)})
        manifest = {
            "schemaVersion": 2,
            "mediaType": kind,
            "config": {"digest": digest_of(config), "size": len(config)},
            "layers": [{"digest": digest_of(layer), "size": len(layer)} for layer in layers],
        }
        body = json.dumps(manifest, indent=1).encode()
        kept = self.manifests.setdefault(name, {})
        kept[tag] = kept[digest_of(body)] = (kind, body)
        return digest_of(body)


class Handler(BaseHTTPRequestHandler):
    server: Registry
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args: Any) -> None:
        pass

    def handle_one(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(f"{self.command} {self.path}")
        for fault in self.server.faults:
            if fault[0] in f"{self.command} {self.path}":
                self.server.faults.remove(fault)
                if fault[1] == 0:
                    self.close_connection = True
                    return self.connection.shutdown(socket.SHUT_RDWR)
                return self.answer(fault[1], fault[2].encode())
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path == "/token":
            return self.token(query)
        if path.startswith("/elsewhere/"):
            return self.elsewhere(path)
        if not self.allowed(path, query):
            return None
        for pattern, answer in (
            (UPLOAD, self.upload),
            (BLOB, self.blob),
            (MANIFEST, self.manifest),
        ):
            found = pattern.fullmatch(path)
            if found:
                return answer(found, query, body)
        return self.error(404, "NAME_UNKNOWN", "repository name not known to registry")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = handle_one

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, status: int, code: str, message: str, **headers: str) -> None:
        said = {"errors": [{"code": code, "message": message, "detail": None}]}
        self.answer(status, json.dumps(said).encode(), **headers)

    def known(self) -> bool:
        wanted = base64.b64encode(f"you:{PASSWORD}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {wanted}"

    def token(self, query: dict[str, list[str]]) -> None:
        """Answer with a token of the scopes asked for; anonymous ones may pull."""
        if self.headers.get("Authorization") and not self.known():
            return self.answer(401, b'{"details": "incorrect username or password"}')
        scopes = query.get("scope", [])
        if not self.known():
            scopes = [scope for scope in scopes if "push" not in scope]
        token = f"token-{len(self.server.tokens)}"
        self.server.tokens[token] = scopes
        return self.answer(200, json.dumps({"token": token}).encode())

    def allowed(self, path: str, query: dict[str, list[str]]) -> bool:
        """Return whether the login has the rights; if not, answer what is wanted."""
        name = re.match(r"/v2/(.+?)/(blobs|manifests)/", path)[1]
        if self.server.login == "Basic":
            if not self.known():
                self.error(
                    401, "UNAUTHORIZED", "authentication required", WWW_Authenticate="Basic"
                )
            return self.known()
        action = "pull" if self.command in ("GET", "HEAD") else "push"
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        scopes = self.server.tokens.get(token, [])
        wanted = [(name, action)] + [(other, "pull") for other in query.get("from", [])]
        have = [
            any(s.startswith(f"repository:{n}:") and a in s.split(":")[-1] for s in scopes)
            for n, a in wanted
        ]
        if not all(have):
            where = f"http://{self.server.address}/token"
            challenge = f'Bearer realm="{where}",service="registry"'
            words = ("UNAUTHORIZED", "authentication required")
            self.error(401, *words, WWW_Authenticate=challenge)
        return all(have)

    def blob(self, found: re.Match[str], query: dict[str, list[str]], body: bytes) -> None:
        data = self.server.blobs.get(found["name"], {}).get(found["digest"])
        if data is None:
            return self.error(404, "BLOB_UNKNOWN", "blob unknown to registry")
        if self.command == "HEAD":
            return self.answer(200)
        return self.answer(307, Location=f"/elsewhere/{found['name']}/{found['digest']}")

    def elsewhere(self, path: str) -> None:
        name, _, digest = path.removeprefix("/elsewhere/").rpartition("/")
        data = self.server.blobs[name][digest]
        self.server.sent += len(data)
        self.answer(200, data)

    def upload(self, found: re.Match[str], query: dict[str, list[str]], body: bytes) -> None:
        name, identity = found["name"], found["id"]
        blobs = self.server.blobs.setdefault(name, {})
        if self.command == "POST":
            mount, other = query.get("mount", [""])[0], query.get("from", [""])[0]
            if self.server.takes_mounts and mount in self.server.blobs.get(other, {}):
                blobs[mount] = self.server.blobs[other][mount]
                return self.answer(201, Location=f"/v2/{name}/blobs/{mount}")
            identity = f"u{len(self.server.uploads)}"
            self.server.uploads[identity] = b""
            return self.answer(202, Location=f"/v2/{name}/blobs/uploads/{identity}?_state=x")
        self.server.received += len(body)
        self.server.uploads[identity] += body
        if self.command == "PATCH":
            return self.answer(202, Location=f"/v2/{name}/blobs/uploads/{identity}?_state=y")
        data, digest = self.server.uploads.pop(identity), query["digest"][0]
        if digest_of(data) != digest:
            return self.error(400, "DIGEST_INVALID", "provided digest did not match")
        blobs[digest] = data
        return self.answer(201)

    def manifest(self, found: re.Match[str], query: dict[str, list[str]], body: bytes) -> None:
        kept = self.server.manifests.setdefault(found["name"], {})
        if self.command == "GET":
            if found["reference"] not in kept:
                return self.error(404, "MANIFEST_UNKNOWN", "manifest unknown")
            kind, data = kept[found["reference"]]
            return self.answer(200, data, Content_Type=kind, Docker_Content_Digest=digest_of(data))
        manifest = json.loads(body)
        for blob in (*manifest["layers"], manifest["config"]):
            if blob["digest"] not in self.server.blobs.get(found["name"], {}):
                return self.error(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry")
        kept[found["reference"]] = (self.headers["Content-Type"], body)
        return self.answer(201, Docker_Content_Digest=digest_of(body))
