"""The tree of a mail's parts, with the bytes of those that a person may have written.

A mail of 30 MB with a line of text costs as much as that line: a server tells the tree
(BODYSTRUCTURE), and only text is fetched. The tree is that of Python's ``email``, so whoever reads
it need not know whether it was made from a server's answer or from a whole mail.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from itertools import count
from typing import Any

# A hundred recipients, and more parts than a person's mail has. The time of email.parser grows
# with the square of these: minutes for a megabyte.
LONGEST_HEADER = 5000
MOST_PARTS = 100
# Bytes of all headers, and of all text: HTML may hold its pictures (data: URIs).
HEADER_BYTES = 200_000
TEXT_BYTES = 5_000_000

TEXTS = frozenset({"text/plain", "text/html", "text/markdown"})
# Of a delivery report (RFC 3464; RFC 6533): what became of the mail, and the mail it speaks of.
STATUSES = frozenset({"message/delivery-status", "message/global-delivery-status"})
HEADERS = frozenset(
    {"text/rfc822-headers", "message/rfc822", "message/global", "message/global-headers"}
)
REPORT = STATUSES | HEADERS
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
# RFC 2045, 6.1: a token; comments may stand beside it, and some programs quote it or end it with ;
ENCODING = re.compile(r"(?:\([^()]*\)|[\s\"'])*([\w-]+)")


class Policy(Compat32):
    """A policy that returns headers unparsed, cut to a maximum length.

    Not policy.default: its address parser needs minutes for a "To: a a a a ..." of a megabyte,
    a gigabyte of memory for as many brackets, and drops what it can't parse.
    """

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Return the beginning of a header."""
        return super().header_fetch_parse(name, value[:LONGEST_HEADER])


@dataclass
class Fetched:
    """A mail whose attachments may be left out.

    ``sizes`` are in bytes, by section (RFC 3501, 6.4.5: "1.2"), as the server tells them;
    ``missing`` are the texts that are too large, or that could not be had. A mail is ``is_cut``
    if nobody knows what it holds.
    """

    message: Message
    sizes: dict[str, int] = field(default_factory=dict)
    missing: list[Message] = field(default_factory=list)
    is_cut: bool = False

    def is_text(self, part: Message) -> bool:
        """Return whether it is shown in the mail, as words."""
        is_alone = part is self.message
        return part.get_content_type() in TEXTS and (is_alone or not is_attachment(part))

    def wanted(self) -> list[tuple[str, Message]]:
        """Return the parts to fetch, with their sections; others are ``missing`` from then on."""
        is_report = self.message.get_content_type() == "multipart/report"
        found, left = [], TEXT_BYTES
        for section, part in numbered(self.message):
            if not self.is_text(part) and not (is_report and part.get_content_type() in REPORT):
                continue
            size = self.sizes.get(section, 0)
            if part.get_content_type() in HEADERS:
                size = min(size, HEADER_BYTES)  # its beginning is enough
            left -= size
            if left >= 0:
                found.append((section, part))
            else:
                self.missing.append(part)
        return found


def from_server(headers: bytes, structure: Any) -> Fetched:
    """Return the tree of a BODYSTRUCTURE, as IMAPClient parses it; its texts are still to fetch.

    https://www.rfc-editor.org/rfc/rfc3501#section-7.4.2. Raise any error if it is none.
    """
    fetched = Fetched(BytesHeaderParser(policy=Policy()).parsebytes(headers))
    _fill(fetched, fetched.message, structure, "", count())
    return fetched


def whole(raw: bytes) -> Fetched:
    """Return the tree of a whole mail; only its headers if it has far too many parts."""
    made = count()

    def make(policy: Policy) -> Message:
        if next(made) > MOST_PARTS:
            raise ValueError(f"more than {MOST_PARTS} parts")
        return Message(policy)

    try:
        fetched = Fetched(BytesParser(make, policy=Policy()).parsebytes(raw))
    except ValueError:
        headers = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0][:HEADER_BYTES]
        message = BytesHeaderParser(policy=Policy()).parsebytes(headers)
        return Fetched(message, is_cut=True)
    for section, part in numbered(fetched.message):
        fetched.sizes[section] = 0 if part.is_multipart() else len(source_of(part))
    fetched.wanted()
    return fetched


def fill(part: Message, headers: bytes | None, source: bytes) -> None:
    """Set a part's bytes, and the headers that it has in the mail, if the server has them.

    Those of BODYSTRUCTURE are not enough: Dovecot tells no encoding of a part without a type.
    """
    if headers and headers.strip():
        for name in set(part.keys()):
            del part[name]
        for name, value in BytesHeaderParser(policy=Policy()).parsebytes(headers).raw_items():
            part[name] = value
    part.set_payload(source.decode("ascii", "surrogateescape"))


def numbered(message: Message, section: str = "") -> Iterator[tuple[str, Message]]:
    """Return the parts that hold no others, by their numbers in IMAP; a forwarded mail is one."""
    if message.get_content_maintype() == "multipart":
        inner = message.get_payload() if message.is_multipart() else []
        for number, part in enumerate(inner, 1):
            yield from numbered(part, f"{section}.{number}" if section else str(number))
    else:
        yield section or "1", message


def is_attachment(part: Message) -> bool:
    """Return whether the part is a real attachment, not a signature or the logo in one."""
    kind = part.get_content_type()
    if kind.startswith("multipart/") or kind.endswith("-signature"):
        return False
    if part.get_content_disposition() == "attachment" or kind.startswith("message/"):
        return True
    return part.get_filename() is not None and "Content-ID" not in part


def source_of(part: Message) -> bytes:
    """Return a part's bytes as they are in the mail.

    Not by ``get_payload()``, which decodes them by whatever charset the mail names: punycode
    takes 14 seconds for half a megabyte.
    """
    plain = copy(part)
    del plain["Content-Transfer-Encoding"]
    return plain.get_payload(decode=True) or b""


def body_of(part: Message) -> bytes:
    """Return a part's bytes, out of base64 or quoted-printable; of a forwarded mail its source."""
    if part.is_multipart():
        return b"\n\n".join(inner.as_bytes() for inner in part.get_payload())
    found = ENCODING.match(str(part["Content-Transfer-Encoding"] or ""))
    encoding = found[1].lower() if found else ""
    if encoding == "base64":
        return _from_base64(source_of(part))
    plain = copy(part)
    del plain["Content-Transfer-Encoding"]
    plain["Content-Transfer-Encoding"] = encoding
    return plain.get_payload(decode=True) or b""


def _from_base64(source: bytes) -> bytes:
    """Return all that is encoded, also after a padding in the middle.

    Junk is skipped, as RFC 2045, 6.8 says. Python stops at the first padding, so the rest would
    be lost where a program encoded pieces.
    """
    clean = re.sub(rb"[^A-Za-z0-9+/=]", b"", source)
    pieces = (piece[: len(piece) - (len(piece) % 4 == 1)] for piece in re.split(b"=+", clean))
    return b"".join(b64decode(piece + b"=" * (-len(piece) % 4)) for piece in pieces)


def _fill(fetched: Fetched, part: Message, structure: Any, section: str, made: count) -> None:
    """Set the type and the inner parts of a part, as the server lists them."""
    if next(made) > MOST_PARTS:
        raise ValueError(f"more than {MOST_PARTS} parts")
    inner = structure[0] if isinstance(structure[0], list) else None
    if inner is None and (structure[1] is None or isinstance(structure[1], tuple)):
        # Some servers tell an empty multipart so: (subtype, parameters, …).
        inner, structure = [], ([], *structure)
    if inner is not None:
        del part["Content-Type"]
        part["Content-Type"] = _header(b"multipart/" + structure[1], structure[2:3])
        part.set_payload([])
        for number, one in enumerate(inner, 1):
            part.attach(Message(Policy()))
            at = f"{section}.{number}" if section else str(number)
            _fill(fetched, part.get_payload()[-1], one, at, made)
        return
    kind = (structure[0] + b"/" + structure[1]).lower()
    fetched.sizes[section or "1"] = int(structure[6])
    if part is fetched.message and part.get_content_maintype() != "multipart":
        return  # its own headers say it better
    del part["Content-Type"]
    part["Content-Type"] = _header(kind, structure[2:3])
    if structure[3] and "Content-ID" not in part:
        part["Content-ID"] = _plain(structure[3])
    part["Content-Transfer-Encoding"] = _plain(structure[5] or b"7bit")
    # Text has its lines in front, and a mail its envelope, structure and lines.
    at = {b"text/": 9, b"message/rfc822": 11}.get(kind if kind[:5] != b"text/" else kind[:5], 8)
    disposition = structure[at] if len(structure) > at else None
    if isinstance(disposition, tuple) and disposition and disposition[0]:
        part["Content-Disposition"] = _header(disposition[0], disposition[1:2])


def _header(value: bytes, parameters: tuple[Any, ...]) -> str:
    """Return a header's value with its parameters, as a mail has them."""
    pairs = parameters[0] if parameters and isinstance(parameters[0], tuple) else ()
    words = [_plain(value).lower()]
    for name, one in zip(pairs[::2], pairs[1::2]):
        quoted = _plain(one).replace("\\", "\\\\").replace('"', '\\"')
        words.append(f'{_plain(name)}="{quoted}"')
    return "; ".join(words)


def _plain(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
    return CONTROLS.sub(" ", text)
