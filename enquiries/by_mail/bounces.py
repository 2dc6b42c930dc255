"""Delivery reports (RFC 3464): the mail that a server could not deliver, of all that we sent.

A report is sent to the sender of the mail (DEFAULT_FROM_EMAIL), so that address has to lead into
the mailbox for answers. Anybody can write a report, so all it does is a mark for staff, on a mail
whose Message-ID it knows.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser

from background import delivery

from .charsets import decoded
from .parts import HEADERS, STATUSES, body_of, numbered

logger = logging.getLogger(__name__)

# Of one report: the mails of this site have a recipient or two.
MOST_RECIPIENTS = 20
LONGEST_STATUS = 100_000
# RFC 3463: class, subject, detail. 5 is permanent.
PERMANENT = re.compile(r"\s*5\.\d{1,3}\.\d{1,3}\b")


def note(mail: Message) -> bool:
    """Mark the mail that a report speaks of; return whether it is a report of that kind."""
    if mail.get_content_type() != "multipart/report":
        return False
    parts = [part for _, part in numbered(mail)]
    statuses = [part for part in parts if part.get_content_type() in STATUSES]
    if not statuses:
        return False
    said = [words for part in statuses for words in failures(body_of(part))]
    message_ids = {found for part in parts if (found := _message_id(part))}
    for message_id in sorted(message_ids) if said else []:
        if not delivery.mark_undeliverable(message_id, "; ".join(said)[:1000]):
            logger.warning("a delivery report speaks of no mail that was sent")
    return True


def failures(status: bytes) -> Iterator[str]:
    """Return what is said of each recipient to whom the mail can't be delivered.

    ``Action: failed`` is final; delayed, delivered, relayed and expanded are not failures (RFC
    3464, 2.3.3). Without an action, which is required, a permanent status counts.
    """
    text = decoded(status[:LONGEST_STATUS], "utf-8")[0].replace("\r\n", "\n")
    blocks = re.split(r"\n[ \t]*\n", text.strip("\n"))
    # The first block is about the message, each other one about a recipient.
    for block in blocks[:MOST_RECIPIENTS]:
        fields = HeaderParser().parsestr(block)
        action = str(fields["Action"] or "").split("(")[0].strip().lower()
        code = str(fields["Status"] or "")
        if action == "failed" or not action and PERMANENT.match(code):
            names = ("Final-Recipient", "Original-Recipient", "Status", "Diagnostic-Code")
            values = (" ".join(str(fields[name] or "").split()) for name in names)
            yield " ".join(filter(None, values))


def _message_id(part: Message) -> str:
    """Return the Message-ID in the returned headers, or in the returned mail."""
    if part.get_content_type() not in HEADERS:
        return ""
    headers = HeaderParser().parsestr(decoded(body_of(part)[:LONGEST_STATUS], "utf-8")[0])
    return " ".join(str(headers["Message-ID"] or "").split())[:255]
