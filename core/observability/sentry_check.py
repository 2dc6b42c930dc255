"""Send one event to Sentry, and explain the server's answer in words."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

import urllib3
from sentry_sdk.envelope import Envelope
from sentry_sdk.utils import Dsn
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

TIMEOUT = 5.0
COPY = "copy SENTRY_DSN again from the project's settings, Client Keys"

MEANINGS = {
    400: f"the server could not read the key or the event: {COPY}",
    401: f"the server does not know the key: {COPY}",
    403: f"the key may not send to this project, or is switched off: {COPY}",
    404: f"there is no such project: {COPY}",
    413: "the event is too large for the server",
    429: "the project's quota is spent, or its rate limit reached: wait, or raise it there",
}


def send(
    dsn_text: str, release: str, environment: str, timeout: float = TIMEOUT
) -> tuple[bool, str]:
    """Send one event and wait for the answer, at most ``timeout`` seconds for each step.

    Return whether it was accepted, and a sentence for people. The key is never in it.
    """
    dsn = Dsn(dsn_text)
    auth = dsn.to_auth("sentry_check/1.0")
    place = f"{dsn.netloc}, project {dsn.project_id}"
    event_id = uuid.uuid4().hex
    try:
        answer = urllib3.PoolManager().request(
            "POST",
            auth.get_api_url(),
            body=_envelope(event_id, release, environment),
            headers={
                "Content-Type": "application/x-sentry-envelope",
                "X-Sentry-Auth": auth.to_header(),
            },
            timeout=urllib3.Timeout(connect=timeout, read=timeout),
            retries=False,
            redirect=False,
        )
    except HTTPError as error:
        return False, f"{place}: {_explain(error, dsn, timeout)}"
    if answer.status == 200:
        return True, (
            f"{place}: accepted. Look there for event {event_id},"
            f" release {release}, environment {environment}."
        )
    return False, f"{place}: answered {answer.status}: {_meaning(answer)}"


def _envelope(event_id: str, release: str, environment: str) -> bytes:
    envelope = Envelope(headers={"event_id": event_id})
    envelope.add_event(
        {
            "event_id": event_id,
            "timestamp": datetime.now(UTC).isoformat(),
            "platform": "python",
            "level": "info",
            "logger": "sentry_check",
            "message": "sentry_check: a test event, sent on purpose",
            "release": release,
            "environment": environment,
        }
    )
    return envelope.serialize()


def _explain(error: HTTPError, dsn: Dsn, timeout: float) -> str:
    if isinstance(error, NameResolutionError):
        return f"no computer has the name {dsn.host}: is it spelt right, and does DNS work here?"
    if isinstance(error, NewConnectionError):
        return f"refused the connection on port {dsn.port}: is the server running?"
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError):
        return f"no answer in {timeout:g} s: is a firewall in between, or the server overloaded?"
    if isinstance(error, SSLError):
        return f"its certificate can't be trusted: {error}"
    return f"the connection broke: {type(error).__name__}"


def _meaning(answer: urllib3.BaseHTTPResponse) -> str:
    words = MEANINGS.get(answer.status)
    if words is None:
        words = "the server is in trouble" if answer.status >= 500 else "not what Sentry answers"
    said = answer.headers.get("X-Sentry-Error") or _detail(answer.data)
    return f'{words} (the server said: "{said}")' if said else words


def _detail(body: bytes) -> str:
    try:
        return str(json.loads(body)["detail"])[:200]
    except (ValueError, KeyError, TypeError):
        return ""
