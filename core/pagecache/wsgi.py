"""Serve cached pages before Django runs, and cache the public pages that Django renders."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from ..web.languages import resolve_in_its_language
from .invalidation import generation
from .entries import Entry, Headers, Memory, make_entry, matches

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
View = Callable[..., HttpResponse]
Key = tuple[str, str, str, str, str]

TIME_LIMIT = 60.0  # seconds; for writes of psql, and lettings published at a set time
PATIENCE = 5.0  # seconds that visitors wait while another visitor's request renders the page
_VARIES_ON = {"accept-encoding", "cookie"}


def public_page(view: View) -> View:
    """Mark a view as public: GET and HEAD only, the same for everyone who is not signed in.

    A page that does not come from the page cache (the visitor is signed in) is private and
    never stored; the page cache sets other headers on its copies.
    """

    @require_safe
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Cookie"])
        return response

    wrapper.public_page = True
    return wrapper


@dataclass
class Rendered:
    """A complete response of the application."""

    status: str = ""
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    def may_be_kept(self) -> bool:
        """Return whether the response may be cached: a success that sets no cookie."""
        if not self.status.startswith("200 "):
            return False
        names = {name.lower() for name, _ in self.headers}
        varies = {
            part.strip().lower()
            for name, value in self.headers
            if name.lower() == "vary"
            for part in value.split(",")
        }
        return not names & {"set-cookie", "content-encoding"} and varies <= _VARIES_ON


@dataclass
class Turn:
    """One request renders a page of one generation; others for the same page wait for it."""

    key: Key
    token: bytes
    over: threading.Event = field(default_factory=threading.Event)
    kept: bool = False


class PageCache:
    """WSGI middleware: answer with a cached page to visitors who are not signed in.

    ``max_bytes`` limits the memory of this process's copies; ``token`` returns the generation of
    the public data. Sets ``oc.cache`` (hit or miss) and ``oc.route`` in the environ of public
    pages, for the request log.
    """

    def __init__(
        self,
        application: Application,
        max_bytes: int,
        token: Callable[[], bytes | None] = generation,
    ) -> None:
        self.application = application
        self.token = token
        self.memory = Memory(max_bytes)
        self._turns: dict[tuple[Key, bytes], Turn] = {}
        self._lock = threading.Lock()
        # A visitor with one of these cookies may see something private.
        self._personal = (f"{settings.SESSION_COOKIE_NAME}=", "messages=")

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method != "GET" and method != "HEAD":
            return self.application(environ, start_response)
        cookies = environ.get("HTTP_COOKIE")
        if cookies and any(name in cookies for name in self._personal):
            return self.application(environ, start_response)
        # An answer to a token is private, too: RFC 9111, section 3.5.
        if "HTTP_AUTHORIZATION" in environ:
            return self.application(environ, start_response)
        token = self.token()
        if token is None:
            self.memory.clear()
            return self.application(environ, start_response)
        key = (
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST", ""),
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
        )
        entry = self.memory.get(key)
        if entry is not None and _is_fresh(entry, token):
            return _send(entry, environ, start_response, "hit")
        return self._miss(key, environ, start_response)

    def _miss(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        route = _public_route(environ)
        if route is None:
            return self.application(environ, start_response)
        environ["oc.route"] = route
        deadline = time.monotonic() + PATIENCE
        while (token := self.token()) is not None:
            entry = self.memory.get(key)
            if entry is not None and _is_fresh(entry, token):
                return _send(entry, environ, start_response, "hit")
            turn, mine = self._turn(key, token)
            if mine:
                return self._make(turn, environ, start_response)
            turn.over.wait(max(0.0, deadline - time.monotonic()))
            if turn.over.is_set() and not turn.kept:
                break  # not cacheable: each request renders its own, in parallel
            if time.monotonic() >= deadline:
                # The rendering request is stuck: better an old page than one more stuck request.
                if entry is not None and time.monotonic() < entry.expires:
                    return _send(entry, environ, start_response, "old")
                break
        environ["oc.cache"] = "miss"
        return self.application(environ, start_response)

    def _turn(self, key: Key, token: bytes) -> tuple[Turn, bool]:
        """Return the turn for this page and generation, and whether the caller renders it."""
        mine = Turn(key, token)
        with self._lock:
            turn = self._turns.setdefault((key, token), mine)
        return turn, turn is mine

    def _make(
        self, turn: Turn, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            made = render(self.application, _without_the_visitor(environ))
            if made.may_be_kept():
                expires = time.monotonic() + TIME_LIMIT
                route = environ["oc.route"]
                entry = make_entry(turn.token, expires, route, made.headers, made.body)
                self.memory.put(turn.key, entry)
                turn.kept = True
                return _send(entry, environ, start_response, "miss")
        finally:
            with self._lock:
                del self._turns[turn.key, turn.token]
            turn.over.set()
        environ["oc.cache"] = "miss"
        start_response(made.status, made.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [made.body]


def render(application: Application, environ: Environ) -> Rendered:
    """Return the application's complete response, and close it as a server would."""
    made = Rendered()
    parts: list[bytes] = []

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> Callable:
        made.status, made.headers = status, headers
        return parts.append

    chunks = application(environ, start_response)
    try:
        parts.extend(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    made.body = b"".join(parts)
    return made


def _is_fresh(entry: Entry, token: bytes) -> bool:
    return entry.token == token and time.monotonic() < entry.expires


def _public_route(environ: Environ) -> str | None:
    try:
        match = resolve_in_its_language(get_path_info(environ))
    except Resolver404:
        return None
    return match.route if getattr(match.func, "public_page", False) else None


def _without_the_visitor(environ: Environ) -> Environ:
    """Return the environ without the visitor: only what is in the key may change a cached page."""
    asked = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") and name not in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }
    if "HTTP_HOST" in environ:
        asked["HTTP_HOST"] = environ["HTTP_HOST"]
    asked["REQUEST_METHOD"] = "GET"
    asked["wsgi.input"] = BytesIO()
    return asked


def _send(
    entry: Entry, environ: Environ, start_response: StartResponse, said: str
) -> Iterable[bytes]:
    environ["oc.route"] = entry.route
    environ["oc.cache"] = said
    variant = entry.variant(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if_none_match = environ.get("HTTP_IF_NONE_MATCH")
    if if_none_match is not None and matches(variant.etag, if_none_match):
        start_response("304 Not Modified", variant.not_modified)
        return []
    start_response("200 OK", variant.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else variant.body
