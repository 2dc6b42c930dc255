"""Django's e-mail, written into the outbox: sending is a row more in the transaction at hand.

So a page waits for no mail server; a mail goes out if, and only if, what it speaks of was saved;
and it is there to be tried again. Everything that sends by Django (``send_mail``, allauth, the
admin) does so by this, since it is the backend of the settings.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from email.utils import formatdate, make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from . import after_commit
from .models import Mail

logger = logging.getLogger(__name__)


class Outbox(BaseEmailBackend):
    """Keeps each message as a row, and has it delivered once that is committed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages that have a recipient; give their number."""
        mails = [keep(message) for message in email_messages if message.recipients()]
        return len(mails)


def keep(message: EmailMessage) -> Mail:
    """Write a message into the outbox, and have it delivered after the commit.

    A recipient that is no address, such as the site of 2021 let through, makes it a mail that has
    failed, for staff to see: what the mail speaks of must not fail with it. Raises ValueError for
    one with attachments, which have no place in a database: send a link.
    """
    if message.attachments:
        raise ValueError("A mail in the outbox has no attachments; put a link into its text.")
    wrong = [address for address in message.recipients() if not _is_address(address)]
    if not wrong:
        message.message()  # Raises what is wrong with a header here, where it can be mended.
    headers = {str(name): str(value) for name, value in message.extra_headers.items()}
    # Both would else be those of the try, and a mail that arrives twice could not be told as one.
    headers.setdefault("Message-ID", make_msgid(domain=_domain()))
    headers.setdefault("Date", formatdate())
    mail = Mail.objects.create(
        message_id=headers["Message-ID"],
        # A header: line breaks would be refused at the delivery, when nobody can mend it.
        subject=" ".join(str(message.subject).split())[:255],
        recipients=message.recipients(),
        content=_content(message) | {"headers": headers},
        state=Mail.State.FAILED if wrong else Mail.State.WAITING,
        error="The recipient is no e-mail address." if wrong else "",
    )
    if wrong:
        logger.error("mail %s failed: its recipient is no e-mail address", mail.pk)
    else:
        after_commit("background.tasks.deliver", mail.pk)
    return mail


def _is_address(recipient: str) -> bool:
    """Return whether a mail can be written to it."""
    try:
        EmailMessage(to=[recipient]).message()
    except Exception:  # which ones differ from Django to Django
        return False
    # The newest one writes also what no server is given.
    name, _, domain = parseaddr(recipient)[1].rpartition("@")
    return bool(name and domain)


def _content(message: EmailMessage) -> dict[str, Any]:
    return {
        "body": str(message.body),
        "from_email": str(message.from_email),
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "reply_to": list(message.reply_to),
        "alternatives": [[str(text), kind] for text, kind in getattr(message, "alternatives", [])],
    }


def _domain() -> str:
    """Return the domain of our own address: what stands behind a Message-ID is its sender's."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
