"""Unsafe values with which production refuses to start."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from core.env import Env

HOST = re.compile(r"\*|\.?[\w-][\w.-]*|\[[0-9A-Fa-f:.]+\]")
DEVELOPMENT_KEY = "only-for-development-and-tests"
SECRET_KEY_WHY = "it signs sessions and password links: who guesses it signs in as anyone"
SECRET_KEY_FIX = (
    "export SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')"
)


def note_weaknesses(
    env: Env, secret_key: str | None, allowed_hosts: list[str] | None, debug: bool
) -> None:
    """Record a fault for each value that is unsafe on a public site.

    The limits of the key are Django's own (security.W009).
    """
    if secret_key:
        found = key_weakness(secret_key)
        if found:
            env.fault("SECRET_KEY", found, SECRET_KEY_WHY, SECRET_KEY_FIX)
    if "*" in (allowed_hosts or []):
        env.fault(
            "ALLOWED_HOSTS",
            "found '*', which accepts any name",
            "a forged Host header would get into links and caches",
            "export ALLOWED_HOSTS=www.example.org",
        )
    if debug:
        env.fault(
            "DEBUG",
            "found true",
            "error pages would show source code and settings to everyone",
            "unset DEBUG",
        )


def parse_hosts(text: str) -> list[str]:
    """Return the host names; raise ValueError if there is none, or one that no request can have.

    Django compares them without scheme and port, and so would refuse every request.

    >>> parse_hosts(".example.org, [::1]")
    ['.example.org', '[::1]']
    """
    hosts = [part.strip() for part in text.split(",") if part.strip()]
    if not hosts or not all(HOST.fullmatch(host) for host in hosts):
        raise ValueError(text)
    return hosts


def parse_dsn(text: str) -> str:
    """Return ``text`` if it is a Sentry DSN; otherwise raise ValueError."""
    from sentry_sdk.utils import Dsn  # see apps.py

    Dsn(text)
    return text


def parse_contact(text: str) -> str:
    """Return the contact as a URI; an e-mail address becomes a mailto. Otherwise raise ValueError.

    >>> parse_contact("security@example.org")
    'mailto:security@example.org'
    """
    uri = f"mailto:{text}" if "@" in text and ":" not in text else text
    parts = urlsplit(uri)
    if parts.scheme not in {"mailto", "https", "tel"} or not (parts.netloc or parts.path):
        raise ValueError(text)
    if not uri.isprintable() or " " in uri:
        raise ValueError(text)
    return uri


def key_weakness(key: str) -> str:
    """Return what is weak about a secret key, without showing it; "" if nothing is."""
    if key == DEVELOPMENT_KEY or key.startswith("django-insecure-"):
        return "found a development key, which everyone can read in a repository"
    if len(key) < 50:
        return f"found {len(key)} characters, 50 or more are wanted"
    if len(set(key)) < 5:
        return f"found {len(set(key))} different characters, 5 or more are wanted"
    return ""
