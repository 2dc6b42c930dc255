"""A mail as it arrived: whose it is, what it says, and whether a person wrote it."""

from __future__ import annotations

from codecs import lookup
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from email.utils import parseaddr
from hashlib import sha256
from itertools import count
from typing import Any

from django.conf import settings

from . import addresses, quoting

# Who delivers a mail may write down for whom it was: the other headers may name a list, or nobody.
TO = ("To", "Cc", "Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To")
# More than any text of 4000 characters takes, with the letters and fonts of the mails below it.
LONGEST_PART = 500_000
# A hundred recipients; and more than any mail has that a person writes. Beyond, what email.parser
# takes grows by the square: minutes for a megabyte.
LONGEST_HEADER = 5000
MOST_PARTS = 100
# Charsets of domains, which nobody writes in; a text of that length takes the first 14 seconds.
NAMES_ALONE = frozenset({"punycode", "idna"})


class Policy(Compat32):
    """Headers as they stand, and no longer than any is.

    Not policy.default, whose parser of addresses needs minutes for a "To: a a a a ..." of a
    megabyte, a gigabyte of memory for as many brackets, and drops what it can't make out.
    """

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Return a header's beginning."""
        return super().header_fetch_parse(name, value[:LONGEST_HEADER])


@dataclass(frozen=True)
class Arrived:
    """What the site needs of a mail."""

    key: str
    sender: str
    sides: list[tuple[int, bool]]
    text: str
    has_attachments: bool
    is_automatic: bool


def read(raw: bytes) -> Arrived:
    """Take a mail apart, which may have been cut off anywhere.

    May raise anything for a broken one.
    """
    mail = _parsed(raw)
    message_id = str(mail["Message-ID"] or "").strip()
    to = [str(value) for name in TO for value in mail.get_all(name, [])]
    return Arrived(
        # Of any length, and it may name a person's computer: a digest is as good for a key.
        key=sha256(message_id.encode(errors="replace") or raw).hexdigest(),
        sender=parseaddr(str(mail["From"] or ""))[1].lower(),
        sides=addresses.read(to),
        text=quoting.written(_text(mail)),
        has_attachments=any(_is_attachment(part) for part in mail.walk()),
        is_automatic=_is_automatic(mail),
    )


def _parsed(raw: bytes) -> Message:
    made = count()

    def make(policy: Policy) -> Message:
        if next(made) > MOST_PARTS:
            raise ValueError(f"more than {MOST_PARTS} parts")
        return Message(policy)

    return BytesParser(make, policy=Policy()).parsebytes(raw)


def _is_automatic(mail: Message) -> bool:
    """Return whether a program wrote it: a holiday reply, a list, a bounce, or ourselves.

    RFC 3834 (Auto-Submitted), RFC 2919 (List-Id), and what came before them.
    """
    said = {
        name: str(mail[name] or "").strip().lower() for name in ("Auto-Submitted", "Precedence")
    }
    sender = parseaddr(str(mail["From"] or ""))[1].lower()
    ours = {
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower(),
        settings.MAIL_WAY_IN["address"].lower(),
    }
    return (
        said["Auto-Submitted"] not in {"", "no"}
        or said["Precedence"] in {"bulk", "list", "junk", "auto_reply"}
        or any(name in mail for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
        or str(mail["Return-Path"] or "").strip() == "<>"
        or mail.get_content_type() == "multipart/report"
        or sender.startswith("mailer-daemon@")
        or sender in ours
        or bool(addresses.read([sender]))
    )


def _text(part: Message) -> str:
    """Return what is to be read: of alternatives the first that has words, else all of it.

    Apple Mail writes what stands above and what stands below a picture as two texts.
    """
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        inner = (_text(inner) for inner in part.get_payload() if not _is_attachment(inner))
        texts = filter(str.strip, inner)
        if part.get_content_type() == "multipart/alternative":
            return next(texts, "")
        return "\n\n".join(texts)
    if part.get_content_type() not in {"text/plain", "text/html"}:
        return ""
    raw = (part.get_payload(decode=True) or b"")[:LONGEST_PART]
    text = _decoded(raw, part.get_content_charset("utf-8"))
    return quoting.from_html(text) if part.get_content_subtype() == "html" else text


def _decoded(raw: bytes, charset: str) -> str:
    """Return text whatever its charset is, or claims to be; without what no database takes."""
    try:
        if lookup(charset).name in NAMES_ALONE:
            raise LookupError(charset)
        text = raw.decode(charset)
    except (LookupError, ValueError):
        text = raw.decode("utf-8" if _is_utf8(raw) else "cp1252", errors="replace")
    return text.encode(errors="replace").decode().replace("\0", "")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_attachment(part: Message) -> bool:
    """Return whether somebody misses it: not the logo of a signature, nor a cryptographic one."""
    kind = part.get_content_type()
    if kind.startswith("multipart/") or kind.endswith("-signature"):
        return False
    if part.get_content_disposition() == "attachment":
        return True
    return part.get_filename() is not None and "Content-ID" not in part
