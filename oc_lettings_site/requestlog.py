"""One log line a request, and the id by which every line and report of that request is found."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from django.core.handlers.wsgi import get_path_info
from django.urls import Resolver404

from .languages import resolve_in_its_language

log = logging.getLogger("oc_lettings_site.requests")

# https://devcenter.heroku.com/articles/http-request-id: what the router sends looks like this.
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,128}")
PROBES = frozenset({"/livez", "/readyz", "/version"})
# Names of URL parameters that let whoever reads them act as the person they were sent to: those of
# password resets and confirmations.
SECRETS = frozenset({"key", "token", "uidb64", "uidb36"})

Environ = dict[str, Any]


@dataclass(slots=True)
class Request:
    """What is known of the request that this thread answers."""

    id: str
    queries: int = 0
    status: str = "500"
    began: float = field(default_factory=time.perf_counter)


_current: ContextVar[Request | None] = ContextVar("request", default=None)


def request_id() -> str:
    """Give the id of the request that is being answered; an empty text outside of one."""
    request = _current.get()
    return request.id if request else ""


def answer_for(id: str) -> None:
    """Do what follows in this thread in the name of a request of another; of none by ""."""
    _current.set(Request(id) if id else None)


def count_queries(execute: Callable[..., Any], *statement: Any) -> Any:
    """Run a statement and count it for the request that it belongs to."""
    request = _current.get()
    if request:
        request.queries += 1
    return execute(*statement)


class RequestLog:
    """WSGI middleware: logs each request when its answer is complete, with its id as a header."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request = Request(given if WELL_FORMED.fullmatch(given) else token_hex(16))
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
        if type(answer) is list:  # a kept page: there is nothing left to wait for
            _finish(request, environ)
            return answer
        return _when_closed(answer, lambda: _finish(request, environ), environ)


def _when_closed(answer: Iterable[bytes], then: Callable[[], None], environ: Environ) -> Any:
    """Give the same answer, with ``then`` called once it has been closed."""
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


class _Watched:
    def __init__(self, answer: Iterable[bytes], then: Callable[[], None]) -> None:
        self._answer = answer
        self._then = then

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            self._then()


def _finish(request: Request, environ: Environ) -> None:
    status = int(request.status[:3])
    level = logging.ERROR if status >= 500 else logging.INFO
    if environ.get("PATH_INFO") in PROBES:
        level = logging.DEBUG
    if log.isEnabledFor(level):
        route, path = _place(environ)
        fields = {
            "method": environ["REQUEST_METHOD"],
            "route": route,
            "path": path,
            "status": status,
            "milliseconds": round((time.perf_counter() - request.began) * 1000, 2),
            "queries": request.queries,
            "cache": environ.get("oc.cache", "none"),
        }
        # Made by hand: finding out the caller's line takes longer than all the rest.
        record = logging.LogRecord(log.name, level, __file__, 0, "request", None, None)
        record.fields = fields
        log.handle(record)
    _current.set(None)


def _place(environ: Environ) -> tuple[str, str]:
    """Give the URL's pattern and its path; never the query string, which is the visitor's."""
    path = quote(environ.get("PATH_INFO", ""), safe="/:@!$&'()*+,;=~", encoding="latin-1")
    if "oc.route" in environ:
        return f"/{environ['oc.route']}", path
    route, is_secret = route_of(get_path_info(environ))
    return route, route.removeprefix("/") if is_secret else path


def route_of(path: str) -> tuple[str, bool]:
    """Give the pattern of a path, "" where nothing is; and whether the path itself is a key."""
    try:
        match = resolve_in_its_language(path)
    except Resolver404:
        return "", False
    return f"/{match.route}", bool(SECRETS & match.kwargs.keys())
