"""Reports errors to Sentry, or to any server that speaks its protocol; nothing without SENTRY_DSN.

No page waits for it: reports go to a bounded queue that a thread of the SDK empties, and what does
not fit is dropped.
"""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import sentry_sdk
from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import Http404
from django.http.request import UnreadablePostError
from sentry_sdk.integrations import Integration
from sentry_sdk.integrations import django as django_integration
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import ignore_logger

from . import task_log
from .health import PROBES
from .request_log import request_id, route_of

# Neither is a fault of ours, and anyone on the internet can cause them as often as they like.
NOISE = (
    Http404,
    SuspiciousOperation,
    DisallowedHost,
    UnreadablePostError,
    # A client that went, or that reads nothing until the worker gives up sending.
    BrokenPipeError,
    BlockingIOError,
)
NOISY_LOGGERS = ("django.security.*", "axes.*", "oc_lettings_site.requests")
# Headers that say what was asked, and nothing of who asked.
HARMLESS_HEADERS = {"Accept", "Accept-Encoding", "Content-Length", "Content-Type", "Host"}


def init() -> None:
    """Start reporting."""
    # The SDK wraps each middleware even when asked for no spans of them. A stack so much deeper
    # made an uncached page take a quarter more time; no option turns it off.
    django_integration.patch_django_middlewares = lambda: None
    for name in NOISY_LOGGERS:
        ignore_logger(name)
    sentry_sdk.init(**options())


def options() -> dict[str, Any]:
    """Return the SDK's options: https://docs.sentry.io/platforms/python/configuration/options/"""
    pii = settings.SENTRY_SEND_PII
    return {
        "dsn": settings.SENTRY_DSN,
        "release": settings.RELEASE,
        "environment": settings.ENVIRONMENT,
        "send_default_pii": pii,
        # Variables of a frame hold forms, users and requests.
        "include_local_variables": pii,
        "max_request_body_size": "medium" if pii else "never",
        "before_send": prepare,
        "before_send_transaction": prepare,
        "before_breadcrumb": prepare_breadcrumb,
        "traces_sampler": sample if settings.SENTRY_TRACES_SAMPLE_RATE else None,
        "ignore_errors": NOISE,
        "integrations": [
            DjangoIntegration(signals_spans=False),
            AtexitIntegration(callback=lambda pending, timeout: None),
            *celery_integration(),
        ],
        "auto_enabling_integrations": False,
        "auto_session_tracking": False,
        "transport_queue_size": 100,
        # A process that is told to stop has little time, and a dead Sentry must not take it.
        "shutdown_timeout": 1.5,
        "keep_alive": True,
    }


def celery_integration() -> list[Integration]:
    """Return what reports a worker's tasks; nothing in a process without Celery."""
    if "background.celery" not in sys.modules:
        return []
    from sentry_sdk.integrations.celery import CeleryIntegration

    return [CeleryIntegration(propagate_traces=False)]


def sample(context: dict[str, Any]) -> float:
    """Return the chance that a request's timing is reported.

    What the caller's own headers ask for is ignored: anyone could spend the quota with them.
    """
    path = context.get("wsgi_environ", {}).get("PATH_INFO")
    return 0.0 if path in PROBES else settings.SENTRY_TRACES_SAMPLE_RATE


def prepare(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Tag an event with the request's id and, unless SENTRY_SEND_PII, take out who asked."""
    if request_id():
        event.setdefault("tags", {})["request_id"] = request_id()
    event.setdefault("tags", {}).update(task_log.fields())
    if settings.SENTRY_SEND_PII:
        return event
    event.pop("user", None)
    event.get("extra", {}).pop("celery-job", None)
    request = event.get("request")
    if request:
        headers = request.get("headers") or {}
        event["request"] = {
            "method": request.get("method"),
            "url": without_key(str(request.get("url", ""))),
            "headers": {k: v for k, v in headers.items() if k.title() in HARMLESS_HEADERS},
        }
    data = event.get("contexts", {}).get("trace", {}).get("data", {})
    for key in [key for key in data if key.startswith(("client.", "http.query", "url.", "user."))]:
        del data[key]
    return event


def without_key(url: str) -> str:
    """Return an address without its query, and without a path that is a key."""
    parts = urlsplit(url)
    route, is_secret = route_of(unquote(parts.path))
    return urlunsplit((parts.scheme, parts.netloc, route if is_secret else parts.path, "", ""))


def prepare_breadcrumb(crumb: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any] | None:
    """Keep the trail of queries (their text has no values); log lines may name people."""
    if settings.SENTRY_SEND_PII or crumb.get("category") == "query":
        return crumb
    return None
