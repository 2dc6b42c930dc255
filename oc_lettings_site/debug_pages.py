"""Django's debug pages, without credentials.

Django hides what a setting's name calls a secret, which DATABASE_URL does not, and shows the
variables of every frame as they are:
https://docs.djangoproject.com/en/stable/howto/error-reporting/#custom-error-reports
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.utils.html import escape
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from core.env import MASK

# URLs of services contain a password; paths of this site (STATIC_URL) don't.
ADDRESS = re.compile(r"(_|^)(URL|URI|DSN)(_|$)", re.I)
DJANGOS = SafeExceptionReporterFilter.hidden_settings.pattern
HIDDEN = re.compile(f"{DJANGOS}|CREDENTIAL|PRIVATE|COOKIE|{ADDRESS.pattern}", re.I)
# A shorter value is no secret, and hiding it would mangle the page.
SHORTEST = 6
QUOTE = "'|\"|&#x27;|&quot;"
IN_A_TEXT = (
    # scheme://user:password@host, also where the password has a # or a /
    re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^\s:/@'\"]*:)[^\s'\"]+(?P<after>@)", re.I),
    # libpq's way to write it: https://www.postgresql.org/docs/current/libpq-connect.html
    re.compile(
        rf"(?P<before>\bpassword=)(?:({QUOTE}).*?\2|(?:(?!{QUOTE})\S)+)(?P<after>)", re.I | re.S
    ),
)


class Filter(SafeExceptionReporterFilter):
    """Hides settings, environment variables and form fields with telling names."""

    hidden_settings = HIDDEN

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        """Return the value, or asterisks instead."""
        if ADDRESS.search(str(key)) and isinstance(value, str) and value.startswith("/"):
            return value
        return super().cleanse_setting(key, value)

    def get_post_parameters(self, request: Any) -> dict[str, Any]:
        """Return the fields of the form; Django hides them only where there is no debug page."""
        fields = super().get_post_parameters(request)
        return {name: self.cleanse_setting(name, value) for name, value in fields.items()}


class Reporter(ExceptionReporter):
    """Writes Django's page, and then removes every known secret from it."""

    def get_traceback_html(self) -> str:
        """Return the page."""
        return without_secrets(super().get_traceback_html())

    def get_traceback_text(self) -> str:
        """Return the page as text."""
        return without_secrets(super().get_traceback_text())


def without_secrets(text: str) -> str:
    """Return the text with asterisks for secrets, in every form of writing."""
    written = {form for secret in secrets() for form in forms(secret)}
    # The longest first: a password is part of its URL.
    for form in sorted(written, key=len, reverse=True):
        text = text.replace(form, MASK)
    for pattern in IN_A_TEXT:
        text = pattern.sub(rf"\g<before>{MASK}\g<after>", text)
    return text


def secrets() -> Iterator[str]:
    """Return the secret values: of our variables, and of variables with telling names."""
    from .settings import env

    values = set(env.secrets)
    values |= {value for name, value in os.environ.items() if HIDDEN.search(name)}
    values |= {password for value in values for password in passwords(value)}
    # On a laptop, the database's password is often its name, which is everywhere.
    known = {*settings.INSTALLED_APPS, settings.ENVIRONMENT}
    return (value for value in values if len(value) >= SHORTEST and not is_plain(value, known))


def is_plain(value: str, known: set[str]) -> bool:
    """Return whether a value is no secret: one of our names, a path, a URL without a user."""
    if value in known or value.startswith("/"):
        return True
    try:
        address = urlsplit(value)
    except ValueError:
        return False
    return bool(address.scheme and address.netloc) and not ("@" in value or address.query)


def passwords(value: str) -> Iterator[str]:
    """Return the password in a URL, encoded and decoded."""
    try:
        address = urlsplit(value)
    except ValueError:
        return
    secret = address.password or (address.username if address.scheme.startswith("http") else "")
    if secret:
        yield from {secret, unquote(secret)}


def forms(secret: str) -> set[str]:
    """Return the forms of a secret on a page: plain, as in Python, HTML or a URL."""
    shown = {secret, repr(secret)[1:-1], quote(secret, safe="")}
    return shown | {str(escape(form)) for form in shown}
