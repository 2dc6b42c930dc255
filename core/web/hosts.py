"""Which part of a request's Host may go into the links of a mail."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

USUAL = {"http": 80, "https": 443}


def without_foreign_port(url: str) -> str:
    """Return an absolute URL without its port, unless the site is known to use that port.

    ALLOWED_HOSTS has no ports. Anyone who makes the site write to somebody else could put any
    port into Host, where another program of the same machine may listen.

    >>> without_foreign_port("https://lettings.example:1337/accounts/")
    'https://lettings.example/accounts/'
    """
    parts = urlsplit(url)
    if parts.port in {None, USUAL.get(parts.scheme), settings.PUBLIC_PORT}:
        return url
    host = parts.netloc.rpartition(":")[0]
    return urlunsplit(parts._replace(netloc=host))
