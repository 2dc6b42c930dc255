"""The site's error pages. None of them needs the database, and 500 needs nothing at all."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ..observability.request_log import request_id
from . import outages
from .form_recovery import keep, keep_with_new_token

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: Django's handler for suspicious requests, such as one with a wrong Host.

    Django also calls it when a session could not be written: in an outage, return 503.
    """
    outage = outages.find(exception)
    if outage:
        return unavailable(request, outage)
    return _page("400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed."""
    return _page("403.html", 403, {"kept": keep_with_new_token(request)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form came without its CSRF token, or with that of a session that is over."""
    kept = keep_with_new_token(request)
    return _page("403_csrf.html", 403, {"kept": kept})


def signed_out(request: HttpRequest) -> HttpResponse:
    """403: whoever sent the form is signed in no more; the page keeps what was typed."""
    kept = keep_with_new_token(request)
    return _page("403_signed_out.html", 403, {"kept": kept})


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or one that a stranger must not know of."""
    is_known = getattr(request, "csrf_processing_done", False)
    return _page("404.html", 404, {"kept": keep_with_new_token(request) if is_known else None})


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more bytes than any form here accepts."""
    return _page("413.html", 413)


def refused(status: int, **context: Any) -> HttpResponse:
    """Return the page of a 4xx or 5xx from its own template, or else from that of 400."""
    return _page([f"{status}.html", "400.html"], status, {"code": status, **context})


def too_many_requests(seconds: int, template: str = "429.html") -> HttpResponse:
    """429: too often; ``seconds`` until the next attempt may succeed."""
    response = _page(template, 429, {"retry_after": seconds})
    response["Retry-After"] = str(seconds)
    return response


def limited(request: HttpRequest) -> HttpResponse:
    """429 for allauth, which calls it as ``handler429``: all these limits are per minute."""
    return too_many_requests(60)


def pictures_wait(request: HttpRequest, seconds: int) -> HttpResponse:
    """503: no picture can be decoded now; ``seconds`` until the next attempt may succeed.

    The page keeps the typed text, as in an outage; reloading it sends the picture again.
    """
    response = _page("503_pictures.html", 503, {"kept": keep(request)})
    response["Retry-After"] = str(seconds)
    response._has_been_logged = True  # already logged; nothing is broken
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; show the id of the report, or else of the request, for a visitor to quote.

    Django calls this while it handles the error: in an outage, return 503.
    """
    outage = outages.find(sys.exception())
    if outage:
        return unavailable(request, outage)
    return _page("500.html", 500, {"event_id": report_id(), "request_id": request_id()})


def unavailable(request: HttpRequest, outage: outages.Outage) -> HttpResponse:
    """503: in an outage; the page keeps the typed text. In the API 507 (RFC 4918) on a full disk.

    rest.problems turns it into the API's JSON.
    """
    outages.leave_connections()
    is_api = request.path_info.startswith("/api/")
    kept = None if is_api else keep(request)
    status = 507 if is_api and outage.is_full else 503
    response = _page("503.html", status, {"kept": kept, "is_post": request.method == "POST"})
    response["Retry-After"] = str(outages.RETRY_AFTER)
    return response


def report_id() -> str | None:
    """Return the id of the latest report to Sentry, if there is one."""
    if not settings.SENTRY_DSN:
        return None
    import sentry_sdk  # see apps.py

    return sentry_sdk.last_event_id()


def _page(template: str | list[str], status: int, context: dict | None = None) -> HttpResponse:
    """Render without the request: no context processor, no session, no Host that may be wrong."""
    try:
        body = render_to_string(template, context)
    except Exception:
        logger.exception("%s can't be rendered", template)
        body = f"<!doctype html><title>Error {status}</title><h1>Error {status}</h1>"
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response
