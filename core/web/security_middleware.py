"""Check every request before Django, and complete the headers of every answer after it."""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils.translation import override
from werkzeug.wsgi import ClosingIterator

from ..observability.health import PROBES
from ..pagecache.wsgi import Application, Environ, Headers, StartResponse
from ..rest.problems import PREFIX, Problem
from . import errors
from .charsets import in_utf8
from .middleware import HEADERS
from .languages import language_of

logger = logging.getLogger(__name__)

LAYERS = (XFrameOptionsMiddleware, SecurityMiddleware, CSPMiddleware)
COMPRESSED = (
    "The body is compressed, by its Content-Encoding, and is not read. Send it as it is, without"
    " that header."
)
# An enquiry stores scheme, host and port in 200 characters, for the links in its mails.
HOST = re.compile(r"(?P<name>[^:]{1,180}|\[[^\]]{1,45}\])(?::(?P<port>[1-9][0-9]{0,4}))?")
HIGHEST_PORT = 65535
CROSS_ORIGIN = "Cross-Origin-Resource-Policy"


class WSGISecurityMiddleware:
    """WSGI middleware: security headers on all answers, and only UTF-8 requests.

    Add the security headers to an answer that lacks them: to a probe, a redirect to HTTPS, or a
    static file. Answer 415 to a foreign charset (charsets.py) and to a compressed body, 400 to a
    Host that no link can have and 500 with the site's page if the application fails.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self._static = f"/{settings.STATIC_URL.strip('/')}/"

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started = False

        def start(status: str, headers: Headers, *exc_info: Any) -> Any:
            nonlocal started
            started = True
            return start_response(status, self._completed(headers, environ), *exc_info)

        if not _has_usable_host(environ):
            return _send(refusal(400, _path(environ)), environ, start)
        if not sent_as_it_is(environ):
            return _send(undecoded(_path(environ)), environ, start)
        content_type = environ.get("CONTENT_TYPE")
        if content_type and (understood := in_utf8(content_type)) != content_type:
            if understood is None:
                return _send(refusal(415, _path(environ)), environ, start)
            environ["CONTENT_TYPE"] = understood
        try:
            answer = self.application(environ, start)
            return _without_body(answer) if environ["REQUEST_METHOD"] == "HEAD" else answer
        except Exception:
            logger.exception("The application broke on a request, and made no answer")
            # https://peps.python.org/pep-3333/#the-start-response-callable
            exc_info = [sys.exc_info()] if started else []
            return _send(refusal(500, _path(environ)), environ, start, *exc_info)

    def _completed(self, headers: Headers, environ: Environ) -> Headers:
        there = {name.lower() for name, _ in headers}
        ours = security_headers(environ.get("wsgi.url_scheme") == "https")
        missing = [header for header in ours if header[0].lower() not in there]
        if not missing:
            return headers
        if environ.get("PATH_INFO", "").startswith(self._static):
            # Link previews may load the site's own pictures.
            missing = [
                (name, "cross-origin" if name == CROSS_ORIGIN else value)
                for name, value in missing
            ]
        return [*headers, *missing]


@lru_cache
def security_headers(secure: bool) -> tuple[tuple[str, str], ...]:
    """Return the headers that Django's and our middlewares add to every page."""
    scheme = "https" if secure else "http"
    request = WSGIRequest(
        {"REQUEST_METHOD": "GET", "wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO()}
    )
    response = HttpResponse()
    for layer in LAYERS:
        response = layer(lambda request: response).process_response(request, response)
    del response["Content-Type"]
    return tuple({**HEADERS, **response.headers}.items())


def refusal(status: int, path: str = "/") -> HttpResponse:
    """Return the answer for this error, in the language and format of the path."""
    if path.startswith(PREFIX):
        return Problem(status).response()
    with override(language_of(path)):
        return errors.server_error(HttpRequest()) if status == 500 else errors.refused(status)


def sent_as_it_is(environ: Environ) -> bool:
    """Return whether a request's body, if it has one, is in no content coding, such as gzip."""
    codings = environ.get("HTTP_CONTENT_ENCODING", "").lower().split(",")
    has_body = environ.get("CONTENT_LENGTH", "0").strip("0") or "HTTP_TRANSFER_ENCODING" in environ
    return not has_body or {coding.strip(" \t") for coding in codings} <= {"", "identity"}


def undecoded(path: str) -> HttpResponse:
    """Return 415 for a body in a content coding, with the only one that is taken.

    https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16
    """
    if path.startswith(PREFIX):
        response = Problem(415, COMPRESSED).response()
    else:
        with override(language_of(path)):
            response = errors.refused(415, is_compressed=True)
    response["Accept-Encoding"] = "identity"
    return response


def _has_usable_host(environ: Environ) -> bool:
    """Return whether links can be made with the request's Host; a probe needs none.

    Django checks the host against ALLOWED_HOSTS.
    """
    host = environ.get("HTTP_HOST")
    if host is None or environ.get("PATH_INFO") in PROBES:
        return True
    found = HOST.fullmatch(host)
    return found is not None and int(found["port"] or 1) <= HIGHEST_PORT


def _path(environ: Environ) -> str:
    return environ.get("PATH_INFO", "")


def _without_body(answer: Iterable[bytes]) -> Iterable[bytes]:
    """Return an answer to HEAD. Django makes a body all the same, and gunicorn logs a warning.

    https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2
    """
    return [] if type(answer) is list else ClosingIterator([], getattr(answer, "close", None))


def _send(
    response: HttpResponse, environ: Environ, start_response: StartResponse, *exc_info: Any
) -> Iterable[bytes]:
    headers = [*response.items(), ("Content-Length", str(len(response.content)))]
    start_response(f"{response.status_code} {response.reason_phrase}", headers, *exc_info)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.content]
