"""Whether a program wrote a mail by itself: a holiday reply, a list, a report, or this site.

What a program says of itself is in headers: RFC 3834 (Auto-Submitted), RFC 2919 (List-Id), RFC
5321, 4.5.5 (an empty return path), and older ones. Some programs say it in the subject alone.
"""

from __future__ import annotations

import re
from email.message import Message
from email.utils import parseaddr

from django.conf import settings
from django.db.models import TextChoices

from . import addresses
from .charsets import header_text
from .parts import LONGEST_HEADER

COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)", re.DOTALL)
PRECEDENCES = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
# Of Exim, Plesk, cPanel, Notes, FirstClass and others. Their values, if any, say yes or no.
OF_A_PROGRAM = re.compile(
    r"x-(mail-?)?auto-?(reply|respond|responder|response|generated|reply-from|responded)"
    r"|x-autoreply-from|x-(fc-)?machinegenerated|x-vacation|x-failed-recipients"
)
# Which replies a mail wants none of: MS-OXCMAIL, 2.1.3.2.20,
# https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcmail
# That does not say that a program wrote it, but who wants neither of these two rarely is a person.
SUPPRESSED = re.compile(r"\ball\b|(?=.*\boof\b).*\bautoreply\b", re.DOTALL)
# The subjects of Outlook, Gmail, Notes, Zimbra and French providers, before the original one.
ABSENT = re.compile(
    r"(\[[^\]]*\]\s*)?[\[(]?"
    r"(auto(?=\s*:)|auto(matic|mated)?[\s-]*(reply|response|respond|responder|réponse)"
    r"|automatic(ally generated)? message|ooo(?=\W|$)|out[\s-]of[\s-](the[\s-])?office"
    r"|away from (the|my) office|(vacation|holiday|absence) (reply|message|notice|notification)"
    r"|(réponse|message|courriel|e-?mail) automatique|auto-?réponse"
    r"|absent(e|\(e\))?(?=\s*(:|$)| du bureau)|absence(?=\s*(:|$))|absence du bureau"
    r"|hors du bureau"
    r"|(réponse|message|notification|avis) d['’]absence"
    r"|(i am|i'm|i’m|\w[\w .-]{0,40} is) (currently )?out of (the )?office"
    r"|(je suis|\w[\w .-]{0,40} est) (actuellement )?absente?( du bureau)?)"
    r"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
# What may follow, where a person would have gone on: "Out of office space for rent".
FOLLOWED = re.compile(
    r"\s*($|[])]|[:;,.!|(\[–—-]|re\b|fwd?\b|rép\b|until\b|till\b|from\b|today\b|back\b"
    r"|jusqu|du\b|au\b|le\b|depuis\b|pour\b|reply\b|message\b|notice\b|notification\b"
    r"|auto)",
    re.IGNORECASE,
)


class Sign(TextChoices):
    """How surely a program wrote the mail."""

    NONE = ""
    SURE = "sure"
    # Nothing is passed on or answered, but a person should look at it.
    LIKELY = "likely"


def sign(mail: Message) -> Sign:
    """Return how surely a program wrote the mail."""
    sender = parseaddr(str(mail["From"] or ""))[1].lower()
    if _says_so(mail) or _is_a_report(mail) or sender in _ours() or addresses.read([sender]):
        return Sign.SURE
    suppressed = " ".join(map(str, mail.get_all("X-Auto-Response-Suppress", []))).lower()
    is_likely = SUPPRESSED.search(suppressed) or _is_absence(_subject(mail))
    return Sign.LIKELY if is_likely and not _is_of_a_person(mail) else Sign.NONE


def _subject(mail: Message) -> str:
    """Return the decoded subject; not by ``mail["Subject"]``, which drops what is not ASCII."""
    raw = (str(value) for name, value in mail.raw_items() if name.lower() == "subject")
    return header_text(next(raw, "")[:LONGEST_HEADER])


def _words(mail: Message, name: str) -> list[str]:
    """Return the first word of each such header, without comments and parameters."""
    values = (_without_comments(str(value)).lower() for value in mail.get_all(name, []))
    return [value.split(";")[0].strip() for value in values]


def _without_comments(value: str) -> str:
    """Return a header's value without its comments, which hold others (RFC 5322, 3.2.2)."""
    for _ in range(3):
        value = COMMENT.sub(" ", value)
    return value


def _says_so(mail: Message) -> bool:
    names = {name.lower() for name in mail.keys()}
    of_programs = [name for name in names if OF_A_PROGRAM.fullmatch(name)]
    return (
        any(word not in {"", "no"} for word in _words(mail, "Auto-Submitted"))
        or bool(PRECEDENCES.intersection(_words(mail, "Precedence")))
        or "list-id" in names
        or any(set(_words(mail, name)) - {"no", "false", "0"} for name in of_programs)
    )


def _is_of_a_person(mail: Message) -> bool:
    return "no" in _words(mail, "Auto-Submitted")


def _is_a_report(mail: Message) -> bool:
    sender = parseaddr(str(mail["From"] or ""))[1].lower()
    paths = (_without_comments(str(path)) for path in mail.get_all("Return-Path", []))
    return (
        any(not path.strip(" <>\t\r\n") for path in paths)
        or mail.get_content_type() == "multipart/report"
        or sender.startswith("mailer-daemon@")
    )


def _ours() -> set[str]:
    return {
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower(),
        settings.MAIL_WAY_IN["address"].lower(),
    }


def _is_absence(text: str) -> bool:
    """Return whether the subject is that of a program, and not "Re: …" of a person."""
    match = ABSENT.match(text.strip())
    return match is not None and FOLLOWED.match(match["rest"]) is not None
