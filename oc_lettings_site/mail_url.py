"""Turns EMAIL_URL into what background.delivery makes a mail backend of Django's from."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

EXAMPLES = (
    "smtp+tls://user:password@host:587 (STARTTLS), smtps://user:password@host:465, "
    "smtp://host:25 or console://"
)
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
BACKENDS = "django.core.mail.backends"


def parse(url: str) -> str:
    """Give ``url`` back if it names a way out for mail; else raise ValueError."""
    way_out(url)
    return url


def way_out(url: str) -> dict[str, Any]:
    """Give the backend and its options; nothing for no URL. Raises ValueError.

    >>> way_out("smtps://me:a%40b@mail.example")["password"]
    'a@b'
    """
    if not url:
        return {}
    parts = urlsplit(url)
    if url == "console://":
        return {"backend": f"{BACKENDS}.console.EmailBackend"}
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("not a way out for mail")
    return {
        "backend": f"{BACKENDS}.smtp.EmailBackend",
        "host": parts.hostname,
        "port": parts.port or PORTS[parts.scheme],
        # None would mean Django's own settings, which stay unused.
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtps",
        # For each answer of the server.
        "timeout": 10,
    }
