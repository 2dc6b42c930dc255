"""Read an incoming mail: its author, its words, and what of it can't be passed on."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr
from hashlib import sha256

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.text.shown import is_visible

from . import addresses, automatic, flowed, html_text, quoting
from .charsets import decoded, header_text
from .parts import Fetched, body_of, is_attachment, numbered, source_of

logger = logging.getLogger(__name__)

# The delivering server may add the real recipient; other headers may name a list, or nobody.
TO = ("To", "Cc", "Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To")
# More than a text of 4000 characters takes, with the quoted mails and their formatting.
LONGEST_TEXT = 500_000
MOST_NAMES = 10
# Of a picture within the text: the logo of a signature is smaller, a photo is larger.
LARGEST_LOGO = 50_000
SEALED = frozenset(
    {
        "multipart/encrypted",  # RFC 1847; RFC 3156
        "application/pgp-encrypted",
        # RFC 8551: encrypted, or signed in a form that hides the words.
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
    }
)
# Parts of these kinds are said to be left out, even without a name: a voice message, a PDF.
FILES = frozenset({"application", "audio", "video"})
WINMAIL = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
PGP_SEALED = re.compile(r"^-----BEGIN PGP MESSAGE-----\s*$", re.MULTILINE)
# RFC 9580, 7: the armour, the words with "- " before dashes, and the signature.
PGP_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Z][A-Za-z-]*: .*\n)*[ \t]*\n"
    r"((?:(?!-----BEGIN PGP).*\n)*)"
    r"-----BEGIN PGP SIGNATURE-----(?:\n(?!-----END PGP).*)*(?:\n-----END PGP SIGNATURE-----)?",
    re.MULTILINE,
)


class Trouble(TextChoices):
    """Why the words of a mail can't be read, as its author is told."""

    SEALED = "sealed", _(
        "It is encrypted, or signed in a form that hides its words: the site has no key to it."
        " Please send it as plain text."
    )
    WINMAIL = "winmail", _(
        "Its text is in a file of Outlook's, winmail.dat. Please send it as plain text or HTML."
    )
    CALENDAR = "calendar", _(
        "It is the answer of a calendar, without any words. Please write an answer of your own."
    )
    PART = "part", _(
        "A part of its text can't be read: it is too large, or damaged. Please send it as plain"
        " text, without pictures in between."
    )


@dataclass(frozen=True)
class IncomingMail:
    """The parts of a mail that the site needs.

    ``attachments`` are the names of what is not passed on. Not ``is_sure``: some bytes of the
    text belong to no charset that it names.
    """

    key: str
    sender: str
    sides: list[tuple[int, bool]]
    text: str
    trouble: Trouble | None
    attachments: list[str]
    is_sure: bool
    sign: automatic.Sign


@dataclass
class _Words:
    """The words of a mail's parts, and what was found on the way."""

    fetched: Fetched
    trouble: Trouble | None = None
    is_sure: bool = True
    has_pictures: bool = False

    def of(self, part: Message) -> str:
        """Return the text: of alternatives the first that is not empty, of other parts all.

        Apple Mail sends the text above a picture and the text below it as two parts.
        """
        kind = part.get_content_type()
        if kind in SEALED:
            self.trouble = Trouble.SEALED
            return ""
        if part.get_content_maintype() == "multipart":
            inner = part.get_payload() if part.is_multipart() else []
            if not inner and (part is self.fetched.message or source_of(part).strip()):
                self.trouble = Trouble.PART  # no boundary: nobody knows where its parts are
                return ""
            texts = filter(is_visible, (self.of(one) for one in inner))
            return next(texts, "") if kind == "multipart/alternative" else "\n\n".join(texts)
        return self._of_leaf(part) if self.fetched.is_text(part) else ""

    def _of_leaf(self, part: Message) -> str:
        if any(part is missing for missing in self.fetched.missing):
            self.trouble = Trouble.PART
            return ""
        text, is_sure = decoded(body_of(part), part.get_content_charset(""))
        self.is_sure &= is_sure
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if part.get_content_subtype() == "html":
            self.has_pictures |= len(text) - len(html_text.PICTURE.sub("", text)) > LARGEST_LOGO
            text, is_whole = html_text.to_text(text)
        else:
            is_whole = len(text) <= LONGEST_TEXT
            text = _of_plain(part, text[:LONGEST_TEXT])
        if not is_whole:
            self.trouble = Trouble.PART
        if PGP_SEALED.search(text):
            self.trouble = Trouble.SEALED
        return text


def read(fetched: Fetched) -> IncomingMail:
    """Return what the site needs of a mail; a broken header may raise any exception."""
    mail = fetched.message
    words = _Words(fetched)
    try:
        text = quoting.written(words.of(mail))
    except Exception:
        # Whatever it is, its author has to know, and that takes only the headers.
        logger.exception("the text of a mail can't be read")
        text, words.trouble = "", Trouble.PART
    others = [
        part
        for section, part in numbered(mail)
        if not fetched.is_text(part) and _is_left_out(part, fetched.sizes.get(section, 0))
    ]
    if fetched.is_cut:
        words.trouble = Trouble.PART
    elif not text:
        words.trouble = words.trouble or _trouble_of(others)
    to = [str(value) for name in TO for value in mail.get_all(name, [])]
    return IncomingMail(
        key=_key(mail, text),
        sender=parseaddr(str(mail["From"] or ""))[1].lower(),
        sides=addresses.read(to),
        text="" if words.trouble else text,
        trouble=words.trouble,
        attachments=[_name(part) for part in others][:MOST_NAMES]
        + ["image/*"] * words.has_pictures,
        is_sure=words.is_sure,
        sign=automatic.sign(mail),
    )


def _key(mail: Message, text: str) -> str:
    """Return a digest: a Message-ID has any length and may name a person's computer."""
    message_id = str(mail["Message-ID"] or "").strip()
    whole = "\n".join([*(f"{name}: {value}" for name, value in mail.items()), text])
    return sha256((message_id or whole).encode(errors="replace")).hexdigest()


def _of_plain(part: Message, text: str) -> str:
    if str(part.get_param("format", "")).lower() == "flowed":
        text = flowed.joined(text, delsp=str(part.get_param("delsp", "")).lower() == "yes")
    signed = PGP_SIGNED.search(text)
    if signed:
        inner = re.sub(r"^- ", "", signed[1], flags=re.MULTILINE)
        text = text[: signed.start()] + inner + text[signed.end() :]
    return text


def _is_left_out(part: Message, size: int) -> bool:
    """Return whether the author has to know that it is not passed on."""
    kind = part.get_content_type()
    is_photo = kind.startswith("image/") and size > LARGEST_LOGO
    is_file = part.get_content_maintype() in FILES and kind not in SEALED
    is_file = is_file and not kind.endswith("-signature")
    return is_attachment(part) or is_photo or is_file or kind == "text/calendar"


def _trouble_of(parts: list[Message]) -> Trouble | None:
    """Return why a mail with these parts has no words."""
    kinds = {part.get_content_type() for part in parts}
    names = {_name(part).lower() for part in parts}
    if kinds & WINMAIL or "winmail.dat" in names:
        return Trouble.WINMAIL
    return Trouble.CALENDAR if "text/calendar" in kinds else None


def _name(part: Message) -> str:
    """Return the name of an attachment, in a line."""
    name = header_text(str(part.get_filename() or "")) or part.get_content_type()
    return " ".join(name.split())[:100]
