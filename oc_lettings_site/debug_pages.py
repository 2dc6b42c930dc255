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

# Addresses of services carry their password; paths on this site (STATIC_URL) carry none.
ADDRESS = re.compile(r"(_|^)(URL|URI|DSN)(_|$)", re.I)
DJANGOS = SafeExceptionReporterFilter.hidden_settings.pattern
HIDDEN = re.compile(f"{DJANGOS}|CREDENTIAL|PRIVATE|COOKIE|{ADDRESS.pattern}", re.I)
# Shorter than this it is no secret, and would mangle the page.
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
    """Hides settings, variables of the environment and form fields by what their names say."""

    hidden_settings = HIDDEN

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        """Return the value, or stars in its place."""
        if ADDRESS.search(str(key)) and isinstance(value, str) and value.startswith("/"):
            return value
        return super().cleanse_setting(key, value)

    def get_post_parameters(self, request: Any) -> dict[str, Any]:
        """Return the fields of the form; Django hides them only where there is no debug page."""
        fields = super().get_post_parameters(request)
        return {name: self.cleanse_setting(name, value) for name, value in fields.items()}


class Reporter(ExceptionReporter):
    """Writes the page as Django does, and then takes every secret that is known out of it."""

    def get_traceback_html(self) -> str:
        """Return the page."""
        return without_secrets(super().get_traceback_html())

    def get_traceback_text(self) -> str:
        """Return the page as text."""
        return without_secrets(super().get_traceback_text())


def without_secrets(text: str) -> str:
    """Return the text with stars for secrets, however they are written there."""
    written = {form for secret in secrets() for form in forms(secret)}
    # The longest first: a password is part of its address.
    for form in sorted(written, key=len, reverse=True):
        text = text.replace(form, MASK)
    for pattern in IN_A_TEXT:
        text = pattern.sub(rf"\g<before>{MASK}\g<after>", text)
    return text


def secrets() -> Iterator[str]:
    """Return the values that nobody may see: of our variables, and of telling names."""
    from .settings import env

    values = set(env.secrets)
    values |= {value for name, value in os.environ.items() if HIDDEN.search(name)}
    values |= {password for value in values for password in passwords(value)}
    # The password of a database on a laptop is often its name, and that one is everywhere.
    known = {*settings.INSTALLED_APPS, settings.ENVIRONMENT}
    return (value for value in values if len(value) >= SHORTEST and not is_plain(value, known))


def is_plain(value: str, known: set[str]) -> bool:
    """Return whether a value is no secret: a name of ours, a path, an address without a user."""
    if value in known or value.startswith("/"):
        return True
    try:
        address = urlsplit(value)
    except ValueError:
        return False
    return bool(address.scheme and address.netloc) and not ("@" in value or address.query)


def passwords(value: str) -> Iterator[str]:
    """Return what stands for a password in an address, as it is written and as it is meant."""
    try:
        address = urlsplit(value)
    except ValueError:
        return
    secret = address.password or (address.username if address.scheme.startswith("http") else "")
    if secret:
        yield from {secret, unquote(secret)}


def forms(secret: str) -> set[str]:
    """Return how a page may write a secret: as it is, as Python or HTML does, or in an address."""
    shown = {secret, repr(secret)[1:-1], quote(secret, safe="")}
    return shown | {str(escape(form)) for form in shown}
