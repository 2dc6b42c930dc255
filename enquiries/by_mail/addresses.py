"""The reply addresses of mails: ``answers+<token>@example.org``, one for each side of an enquiry.

A token names the enquiry and the side, and is signed, so that nobody else can make one. Mail
programs and servers change an address to lower case and allow 64 characters before the @
(RFC 5321). Hence base 32, and 100 bits of the signature: too many to guess over a network.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

TOKEN = re.compile(r"\+([0-9]{1,19})([hg])([a-z2-7]{20})@", re.IGNORECASE)


def answers_to(enquiry_id: int, *, by_host: bool) -> str:
    """Return the reply address of that side."""
    name, _, domain = settings.MAIL_WAY_IN["address"].partition("@")
    side = "h" if by_host else "g"
    return f"{name}+{enquiry_id}{side}{_signature(enquiry_id, side)}@{domain}"


def read(addresses: Iterable[str]) -> list[tuple[int, bool]]:
    """Return the enquiry's id, and whether the host writes, for each valid token, once."""
    found = {}
    for number, side, signature in TOKEN.findall("\n".join(addresses)):
        number, side = int(number), side.lower()
        if constant_time_compare(signature.lower(), _signature(number, side)):
            found[number, side == "h"] = True
    return list(found)


def _signature(number: int, side: str) -> str:
    value = f"{number}{side}"
    digest = salted_hmac("enquiries.addresses", value, algorithm="sha256").digest()
    return b32encode(digest).decode()[:20].lower()
