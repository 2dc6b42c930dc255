"""Log one line per request, and give each request an id for all its lines and reports."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from django.core.handlers.wsgi import get_path_info
from django.urls import Resolver404

from ..web.languages import resolve_in_its_language

log = logging.getLogger("oc_lettings_site.requests")

# The form of the router's ids: https://devcenter.heroku.com/articles/http-request-id
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,128}")
PROBES = frozenset({"/livez", "/readyz", "/version"})
# URL parameters that are secret keys: whoever reads one can act as its receiver. They belong to
# password resets and e-mail confirmations.
SECRETS = frozenset({"key", "token", "uidb64", "uidb36"})

# characters; a shorter text may be in a line by chance
SHORTEST_SECRET = 8

Environ = dict[str, Any]


@dataclass(slots=True)
class Request:
    """The request that this thread answers.

    path: as in WSGI, bytes decoded as Latin-1 (Django changes the one in the environ).
    """

    id: str
    path: str = ""
    query: str = ""
    queries: int = 0
    status: str = "500"
    began: float = field(default_factory=time.perf_counter)


_current: ContextVar[Request | None] = ContextVar("request", default=None)


def request_id() -> str:
    """Return the id of the current request; "" outside of a request."""
    request = _current.get()
    return request.id if request else ""


def answer_for(id: str) -> None:
    """Run a block in this thread with the request id of another thread; "" for none."""
    _current.set(Request(id) if id else None)


def count_queries(execute: Callable[..., Any], *statement: Any) -> Any:
    """Run a statement and count it for the current request."""
    request = _current.get()
    if request:
        request.queries += 1
    return execute(*statement)


class RequestLog:
    """WSGI middleware: log each request when its answer is complete; send its id as a header."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        id = given if WELL_FORMED.fullmatch(given) else token_hex(16)
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        request = Request(id, path, query)
        header = ("X-Request-ID", request.id)
        _current.set(request)

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            request.status = status
            return start_response(status, [*headers, header], *exc_info)

        try:
            answer = self.application(environ, start)
        except BaseException:
            _finish(request, environ)
            raise
        if type(answer) is list:  # a cached page: the body is complete already
            _finish(request, environ)
            return answer
        return _when_closed(answer, lambda: _finish(request, environ), environ)


def _when_closed(answer: Iterable[bytes], then: Callable[[], None], environ: Environ) -> Any:
    """Return the same answer, with ``then`` called once it has been closed."""
    file_wrapper = environ.get("wsgi.file_wrapper")
    if not (isinstance(file_wrapper, type) and isinstance(answer, file_wrapper)):
        return _Watched(answer, then)
    # The server sends files by sendfile() only when it is given its own wrapper back.
    close = getattr(answer, "close", None)

    def close_and_log() -> None:
        try:
            if close:
                close()
        finally:
            then()

    answer.close = close_and_log
    return answer


class AnswerBrokeOff(Exception):
    """What the server may log of an error in the middle of an answer; we log the rest."""


class _Watched:
    def __init__(self, answer: Iterable[bytes], then: Callable[[], None]) -> None:
        self._answer = answer
        self._then = then

    def __iter__(self) -> Iterator[bytes]:
        with _told_here():
            yield from self._answer

    def close(self) -> None:
        try:
            if hasattr(self._answer, "close"):
                with _told_here():
                    self._answer.close()
        finally:
            self._then()


@contextmanager
def _told_here() -> Iterator[None]:
    """Log an error while its request is known: its text may contain secrets of the URL."""
    try:
        yield
    except OSError:  # the client is gone
        raise
    except Exception as error:
        log.exception("An answer broke off")
        raise AnswerBrokeOff(type(error).__name__) from None


def _finish(request: Request, environ: Environ) -> None:
    status = int(request.status[:3])
    level = logging.ERROR if status >= 500 else logging.INFO
    if request.path in PROBES:
        level = logging.DEBUG
    if log.isEnabledFor(level):
        route, path = _place(request, environ)
        fields = {
            "method": environ["REQUEST_METHOD"],
            "route": route,
            "path": path,
            "status": status,
            "milliseconds": round((time.perf_counter() - request.began) * 1000, 2),
            "queries": request.queries,
            "cache": environ.get("oc.cache", "none"),
        }
        # Made by hand: finding the caller's line takes longer than all the rest.
        record = logging.LogRecord(log.name, level, __file__, 0, "request", None, None)
        record.fields = fields
        log.handle(record)
    _current.set(None)


def _place(request: Request, environ: Environ) -> tuple[str, str]:
    """Return the URL's pattern and its path; never the query string, which is private."""
    path = quote(request.path, safe="/:@!$&'()*+,;=~", encoding="latin-1", errors="replace")
    if "oc.route" in environ:
        return f"/{environ['oc.route']}", path
    route, keys = _route_and_keys(_decoded(request.path))
    return route, route.removeprefix("/") if keys else path


def route_of(path: str) -> tuple[str, bool]:
    """Return a path's URL pattern ("" if it has none), and whether the path has a secret key."""
    route, keys = _route_and_keys(path)
    return route, bool(keys)


def without_secrets(text: str) -> str:
    """Return a text without the secrets in the URL of this thread's request.

    These are the query, raw and decoded, and the key if the path has one.
    """
    request = _current.get()
    if request is None:
        return text
    query = request.query
    queries = {query, unquote(query), unquote_plus(query)}
    text = text.replace(f"?{query}", "?…") if query else text
    for secret in (*queries, *_route_and_keys(_decoded(request.path))[1]):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "…")
    return text


def _decoded(path: str) -> str:
    return get_path_info({"PATH_INFO": path})


def _route_and_keys(path: str) -> tuple[str, list[str]]:
    try:
        match = resolve_in_its_language(path)
    except Resolver404:
        return "", []
    keys = [str(match.kwargs[name]) for name in sorted(SECRETS & match.kwargs.keys())]
    return f"/{match.route}", keys
