"""Report errors to Sentry, or to any server with its protocol; do nothing without SENTRY_DSN.

No page waits for it: reports go to a bounded queue, which a thread of the SDK sends. When the
queue is full, reports are dropped.
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
from .request_log import request_id, route_of, without_secrets

# These are not our faults, and anyone on the internet can cause them as often as they like.
NOISE = (
    Http404,
    SuspiciousOperation,
    DisallowedHost,
    UnreadablePostError,
    # A client that disconnected, or reads nothing until the worker gives up sending.
    BrokenPipeError,
    BlockingIOError,
)
NOISY_LOGGERS = ("django.security.*", "axes.*", "oc_lettings_site.requests")
# Headers about the request, not about the person.
HARMLESS_HEADERS = {"Accept", "Accept-Encoding", "Content-Length", "Content-Type", "Host"}
# What an event says in words: https://develop.sentry.dev/sdk/data-model/event-payloads/
SAID = {"message", "logentry", "exception", "extra"}


def init() -> None:
    """Start reporting."""
    # The SDK wraps each middleware even when middleware spans are off. The deeper stack made an
    # uncached page a quarter slower; no option turns it off.
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
        # Local variables contain forms, users and requests.
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
        # A stopping process has little time; an unreachable Sentry must not use it up.
        "shutdown_timeout": 1.5,
        "keep_alive": True,
    }


def celery_integration() -> list[Integration]:
    """Return the integration that reports a worker's tasks; none in a process without Celery."""
    if "background.celery" not in sys.modules:
        return []
    from sentry_sdk.integrations.celery import CeleryIntegration

    return [CeleryIntegration(propagate_traces=False)]


def sample(context: dict[str, Any]) -> float:
    """Return the probability that a request's timing is reported.

    The caller's own headers are ignored: with them, anyone could use up the quota.
    """
    path = context.get("wsgi_environ", {}).get("PATH_INFO")
    return 0.0 if path in PROBES else settings.SENTRY_TRACES_SAMPLE_RATE


def prepare(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Tag an event with the request's id; remove keys and, unless SENTRY_SEND_PII, personal data.

    As in the log, a library's error may repeat the path or the query that it could not read.
    """
    for part in SAID.intersection(event):
        event[part] = _without_secrets(event[part])
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


def _without_secrets(said: Any) -> Any:
    """Return a part of an event, a JSON value, without the secrets in the request's URL."""
    if isinstance(said, str):
        return without_secrets(said)
    if isinstance(said, dict):
        return {name: _without_secrets(value) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_without_secrets(value) for value in said]
    return said


def without_key(url: str) -> str:
    """Return a URL without its query, and without a path that contains a secret key."""
    parts = urlsplit(url)
    route, is_secret = route_of(unquote(parts.path))
    return urlunsplit((parts.scheme, parts.netloc, route if is_secret else parts.path, "", ""))


def prepare_breadcrumb(crumb: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any] | None:
    """Return a breadcrumb; None to drop it: SQL has no values, but log lines may name people."""
    if settings.SENTRY_SEND_PII or crumb.get("category") == "query":
        return crumb
    return None
