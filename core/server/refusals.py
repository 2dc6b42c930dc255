"""Answer invalid requests, which never reach Django, with the site's pages and headers.

gunicorn's own answers lack our headers, and its log lines quote the request: a request line with
its query, or a header. https://docs.gunicorn.org/en/stable/design.html
"""

from __future__ import annotations

import traceback
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors as unreadable

from ..web.security_middleware import refusal, security_headers

# Errors of the client; any other is ours.
STATUSES: dict[type[Exception], int] = {
    unreadable.LimitRequestLine: 414,
    unreadable.LimitRequestHeaders: 431,
    unreadable.ExpectationFailed: 417,
}
OURS = (unreadable.InvalidResponseHeader, unreadable.InvalidResponseHeaderName)


@lru_cache
def answer(status: int) -> bytes:
    """Return a complete HTTP/1.1 response that closes the connection.

    The scheme is not known here, so the response has no HSTS header.
    """
    page = refusal(status)
    headers = {**dict(security_headers(secure=False)), **page.headers}
    headers |= {"Content-Length": len(page.content), "Connection": "close"}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + page.content


def status_of(error: Exception) -> int:
    """Return the status for an error while reading a request; 500 for a fault of ours."""
    if isinstance(error, OURS) or not isinstance(error, unreadable.ParseException):
        return 500
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 400)


class Refusing:
    """Mixin for a gunicorn worker: answer unreadable requests and errors with our own pages."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer, and log the kind of the error; never the content of the request."""
        status = status_of(exc)
        if status < 500:
            self.log.info("Refused what is no request: %s, %s", status, type(exc).__name__)
        else:
            where = "".join(traceback.format_tb(exc.__traceback__))
            self.log.error("The server broke on a request: %s\n%s", type(exc).__name__, where)
        with suppress(OSError):
            util.write_nonblock(client, answer(status))
