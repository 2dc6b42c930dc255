"""Turn EMAIL_URL and INBOX_URL into settings for sending and for receiving mail."""

from __future__ import annotations

from email.utils import getaddresses
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

EXAMPLES = (
    "smtp+tls://user:password@host:587 (STARTTLS), smtps://user:password@host:465, "
    "smtp://host:25 or console://"
)
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
BACKENDS = "django.core.mail.backends"
INBOX_EXAMPLES = (
    "imaps://answers%40example.org:password@host (port 993), imap+tls:// (STARTTLS, 143) or"
    " imap://, with /FOLDER for another than INBOX, and ?address=answers@example.org where the"
    " user's name is not the address; up to 23 characters stand before its @"
)
INBOX_PORTS = {"imap": 143, "imap+tls": 143, "imaps": 993}
# RFC 5321, 4.5.3.1.1: at most 64 before the @. The part from the + on has 41:
# enquiries/by_mail/addresses.py.
LONGEST_NAME = 23


def parse(url: str) -> str:
    """Return ``url`` if it names a way to send mail; otherwise raise ValueError."""
    way_out(url)
    return url


def way_out(url: str) -> dict[str, Any]:
    """Return the backend and its options; {} without a URL. Raise ValueError.

    >>> way_out("smtps://me:a%40b@mail.example")["password"]
    'a@b'
    """
    if not url:
        return {}
    parts = urlsplit(url)
    if url == "console://":
        return {"backend": f"{BACKENDS}.console.EmailBackend"}
    # Otherwise the part after a / or # in a password would become the host.
    rest = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in PORTS or not parts.hostname or rest:
        raise ValueError("not a way out for mail")
    return {
        "backend": f"{BACKENDS}.smtp.EmailBackend",
        "host": parts.hostname,
        "port": parts.port or PORTS[parts.scheme],
        # None would mean Django's own settings, which are not used.
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtps",
        # seconds for each answer of the server
        "timeout": 10,
    }


def parse_sender(text: str) -> str:
    """Return ``text`` if it is one address, with or without a name; otherwise raise ValueError.

    >>> parse_sender("Orange County Lettings <lettings@example.org>")
    'Orange County Lettings <lettings@example.org>'
    """
    addresses = [address for _, address in getaddresses([text])]
    name, _, domain = addresses[0].partition("@") if len(addresses) == 1 else ("", "", "")
    if not name or not domain or not text.isprintable():
        raise ValueError("not one address")
    return text


def parse_inbox(url: str) -> str:
    """Return ``url`` if it names a mailbox that receives answers; otherwise raise ValueError."""
    way_in(url)
    return url


def way_in(url: str) -> dict[str, Any]:
    """Return the login of a mailbox and its address; {} without a URL. Raise ValueError.

    >>> way_in("imaps://me%40here.example:a%2Fb@mail.example")["address"]
    'me@here.example'
    """
    if not url:
        return {}
    parts = urlsplit(url)
    options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    # In a query, + means a space; but people write it in addresses.
    address = options.pop("address", [user])[-1].replace(" ", "+")
    name, _, domain = address.partition("@")
    if (
        parts.scheme not in INBOX_PORTS
        or not parts.hostname
        or not user
        or not password
        or options
        or parts.fragment
    ):
        raise ValueError("not a mailbox")
    if address.count("@") != 1 or not name or not domain or len(name) > LONGEST_NAME:
        raise ValueError("not an address for answers")
    if not _is_plain(address + folder):
        raise ValueError("more than a header, or the name of a folder, can hold")
    return {
        "host": parts.hostname,
        "port": parts.port or INBOX_PORTS[parts.scheme],
        "scheme": parts.scheme,
        "username": user,
        "password": password,
        "folder": folder,
        "address": address,
    }


def _is_plain(text: str) -> bool:
    """Return whether the text needs no escaping in a header or between quotation marks."""
    return text.isascii() and text.isprintable() and not set(text) & set('"\\<>,;')
