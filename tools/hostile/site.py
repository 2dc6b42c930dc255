"""What an attack has of the site: questions by every means, and people to ask as."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import Any

from .production import HOST, Production
from .tally import Answer, Tally

PATIENCE = 30.0  # seconds
CSRF = "c" * 32
FORM = "application/x-www-form-urlencoded"
COOKIE = """
from importlib import import_module
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import User
user = User.objects.get(username={name!r})
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[auth.SESSION_KEY] = str(user.pk)
session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print("cookie", settings.SESSION_COOKIE_NAME + "=" + session.session_key)
"""
TOKEN = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from accounts.api import tokens
from accounts.models import ApiToken
user = User.objects.get(username={name!r})
scopes = {scopes!r}
print("token", tokens.make(user, "hostile", scopes, timezone.now() + timedelta(days=1))[1])
"""


class Site:
    """The served site under one attack.

    production: where it runs, with its log and environment; process: gunicorn's master;
    tally: of what this attack asked.
    """

    def __init__(self, production: Production, process: Any, tally: Tally) -> None:
        self.production, self.process, self.tally = production, process, tally
        self._numbers = itertools.count(1)

    def ask(
        self,
        method: str,
        path: str | bytes,
        headers: Mapping[str, str | bytes] | Collection[tuple[str, str | bytes]] = (),
        body: bytes = b"",
        *,
        expect: Collection[int] = (),
        address: str = "",
        timeout: float = PATIENCE,
    ) -> Answer:
        """Send a request as a proxy would hand it on, and return its answer, counted.

        What ``headers`` name replaces the usual ones; texts go out as Latin-1. None for a header
        leaves it out.
        """
        pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
        given = {name.lower() for name, _ in pairs}
        usual = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": address or self.new_address(),
            "Connection": "close",
        }
        if body or method not in ("GET", "HEAD"):
            usual["Content-Length"] = str(len(body))
        pairs += [(name, value) for name, value in usual.items() if name.lower() not in given]
        lines = [b"%s %s HTTP/1.1" % (method.encode("latin-1"), _bytes(path))]
        lines += [
            _bytes(name) + b": " + _bytes(value) for name, value in pairs if value is not None
        ]
        return self.send(b"\r\n".join(lines) + b"\r\n\r\n" + body, expect=expect, timeout=timeout)

    def send(
        self, data: bytes, *, expect: Collection[int] = (), timeout: float = PATIENCE
    ) -> Answer:
        """Send bytes by a connection of their own, and return the first answer, counted."""
        answer = self._exchange(data, timeout)
        self.tally.count(repr(data[:300]), answer, expect)
        return answer

    def post(self, path: str, body: bytes, headers: Mapping = {}, **more: Any) -> Answer:
        """Send a form with the token it was given; ``headers`` may name a Cookie of a person."""
        headers = dict(headers)
        cookies = [f"__Host-csrftoken={CSRF}", *filter(None, [headers.pop("Cookie", "")])]
        usual = {"Content-Type": FORM, "X-CSRFToken": CSRF, "Origin": f"https://{HOST}"}
        cookie = {"Cookie": b"; ".join(map(_bytes, cookies))}
        return self.ask("POST", path, usual | cookie | headers, body, **more)

    def together(
        self, questions: Iterable[Callable[[], Answer]], threads: int = 4
    ) -> list[Answer]:
        """Ask several questions at a time, each made by ``partial(site.ask, ...)``."""
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda question: question(), questions))

    def new_address(self) -> str:
        """Return an address that asked for nothing yet: https://www.rfc-editor.org/rfc/rfc2544"""
        number = next(self._numbers)
        return f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"

    def fail(self, words: str) -> None:
        """Record that something else is wrong."""
        self.tally.fail(words)

    def run(self, code: str) -> str:
        """Run Python within Django, in a process of its own; return what it prints."""
        return self.production.manage("shell", "--no-imports", "--command", code)

    def cookie_of(self, name: str) -> str:
        """Return a Cookie of somebody who is signed in."""
        return self._last(COOKIE.format(name=name))

    def token_of(self, name: str, scopes: Collection[str] = ("read", "write")) -> str:
        """Return a token of the API of somebody."""
        return self._last(TOKEN.format(name=name, scopes=list(scopes)))

    def log(self) -> str:
        """Return what the server has logged so far."""
        return self.production.log.read_text(errors="replace")

    def _last(self, code: str) -> str:
        return self.run(code).split()[-1]

    def _exchange(self, data: bytes, timeout: float) -> Answer:
        began = time.monotonic()
        status, headers, body = 0, Message(), b""
        try:
            with socket.create_connection(("127.0.0.1", self.production.port), timeout) as sock:
                _send(sock, data)
                response = HTTPResponse(sock, method=data[:4].decode("latin-1").strip())
                response.begin()
                body = response.read()
                status, headers = response.status, response.headers
        except (OSError, HTTPException):
            pass
        return Answer(status, headers, body, time.monotonic() - began)


def _send(sock: socket.socket, data: bytes) -> None:
    try:
        sock.sendall(data)
    except OSError:
        pass  # refused before it was read: the answer says why


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
