"""Parse an incoming mail: its author, its text, and whether a person wrote it."""

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

# The delivering server may add the real recipient; other headers may name a list, or nobody.
TO = ("To", "Cc", "Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To")
# More than a text of 4000 characters takes, with the quoted mails and their formatting.
LONGEST_PART = 500_000
# A hundred recipients, and more parts than a person's mail has. The time of email.parser grows
# with the square of these: minutes for a megabyte.
LONGEST_HEADER = 5000
MOST_PARTS = 100
# Encodings of domain names, in which nobody writes mails. The first one would take 14 seconds for
# a text of that length.
NAMES_ALONE = frozenset({"punycode", "idna"})


class Policy(Compat32):
    """A policy that returns headers unparsed, cut to a maximum length.

    Not policy.default: its address parser needs minutes for a "To: a a a a ..." of a megabyte,
    a gigabyte of memory for as many brackets, and drops what it can't parse.
    """

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Return the beginning of a header."""
        return super().header_fetch_parse(name, value[:LONGEST_HEADER])


@dataclass(frozen=True)
class IncomingMail:
    """The parts of a mail that the site needs."""

    key: str
    sender: str
    sides: list[tuple[int, bool]]
    text: str
    has_attachments: bool
    is_automatic: bool


def read(raw: bytes) -> IncomingMail:
    """Return a parsed mail; ``raw`` may be cut off anywhere.

    A broken mail may raise any exception.
    """
    mail = _parsed(raw)
    message_id = str(mail["Message-ID"] or "").strip()
    to = [str(value) for name in TO for value in mail.get_all(name, [])]
    return IncomingMail(
        # A Message-ID has any length and may name a person's computer, so its digest is the key.
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
    """Return whether a program wrote it: a holiday reply, a list, a bounce, or this site.

    By RFC 3834 (Auto-Submitted), RFC 2919 (List-Id), and older headers.
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
    """Return the text: of alternatives the first that is not empty, of other parts all.

    Apple Mail sends the text above a picture and the text below it as two parts.
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
    """Return the text for any charset, without characters that databases refuse."""
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
    """Return whether the part is a real attachment, not a signature or the logo in one."""
    kind = part.get_content_type()
    if kind.startswith("multipart/") or kind.endswith("-signature"):
        return False
    if part.get_content_disposition() == "attachment":
        return True
    return part.get_filename() is not None and "Content-ID" not in part
