"""Check the Host of a request, and which part of it may go into the links of a mail."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from ..observability.health import PROBES

# An enquiry stores scheme, host and port in 200 characters, for the links in its mails.
HOST = re.compile(r"(?P<name>[^:]{1,180}|\[[^\]]{1,45}\])(?::(?P<port>[1-9][0-9]{0,4}))?")
HIGHEST_PORT = 65535
USUAL = {"http": 80, "https": 443}


def has_usable_host(environ: dict[str, Any]) -> bool:
    """Return whether links can be made with the request's Host; a probe needs none.

    Django checks the host against ALLOWED_HOSTS.
    """
    host = environ.get("HTTP_HOST")
    if host is None or environ.get("PATH_INFO") in PROBES:
        return True
    found = HOST.fullmatch(host)
    return found is not None and int(found["port"] or 1) <= HIGHEST_PORT


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
