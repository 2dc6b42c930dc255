"""An e-mail backend for Django that writes to the outbox: sending adds a row to the transaction.

So a page waits for no mail server; a mail is sent if, and only if, its transaction is committed;
and it can be retried. Everything that sends with Django (``send_mail``, allauth, the admin) uses
this, since it is the backend of the settings.
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
    """Store each message as a row, and deliver it once that is committed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the messages that have a recipient; return their number."""
        mails = [keep(message) for message in email_messages if message.recipients()]
        return len(mails)


def keep(message: EmailMessage) -> Mail:
    """Write a message into the outbox, and deliver it after the commit.

    If a recipient is no valid address (the site of 2021 accepted some), the mail is stored as
    failed, for staff to see: the page itself must not fail. Raise ValueError for attachments,
    which don't belong in a database: send a link.
    """
    if message.attachments:
        raise ValueError("A mail in the outbox has no attachments; put a link into its text.")
    wrong = [address for address in message.recipients() if not _is_address(address)]
    if not wrong:
        message.message()  # Raises for a bad header here, where the caller can still fix it.
    headers = {str(name): str(value) for name, value in message.extra_headers.items()}
    # Otherwise each attempt would make new ones, and two copies would look like two mails.
    headers.setdefault("Message-ID", make_msgid(domain=_domain()))
    headers.setdefault("Date", formatdate())
    mail = Mail.objects.create(
        message_id=headers["Message-ID"],
        # A header: line breaks would be refused at delivery, when it is too late to fix them.
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
    """Return whether a mail can be addressed to it."""
    try:
        EmailMessage(to=[recipient]).message()
    except Exception:  # which errors differs between Django's versions
        return False
    # The newest Django also writes headers that are not sent.
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
    """Return the domain of our own address: a Message-ID ends with its sender's domain."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
