"""Deliver the mail of the outbox: each once, as far as mail can promise that.

A sender claims a mail by a conditional update that also sets its lease. If the sender dies before
it records the result, the mail is tried again when the lease ends. If the server accepted the
mail and the sender died in the few milliseconds before it recorded that, the mail arrives twice:
no mail protocol can prevent this. Both copies have the same Message-ID, by which mail programs
recognise them.
"""

from __future__ import annotations

import logging
import random
import time
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from . import after_commit
from .models import Mail, in_a_day
from .timing import LEASE

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
# About 45 minutes after the first attempt: no longer a short failure, so staff have to know.
TRIES_BEFORE_TELLING = 8
# It is better to wait a second for the database than to send a mail twice.
TRIES_TO_NOTE = 5
# The sender has to sign in, or does so wrongly (RFC 4954, 6; RFC 3207, 4): the operator's to mend.
SIGN_IN_CODES = frozenset({530, 534, 535, 538})
BEFORE_ANY_MAIL = (SMTPConnectError, SMTPHeloError, SMTPAuthenticationError)


class NotSetUp(Exception):
    """EMAIL_URL is not set."""


class NotOpened(Exception):
    """The mail server took no mail at all: the fault of none of them.

    Its cause is the server's error.
    """


def deliver(pk: int) -> None:
    """Send the mail if it is due and not claimed; record the result."""
    lease = claim(pk, timezone.now())
    if lease is None:
        return
    mail = Mail.objects.get(pk=pk)
    way_out = None
    try:
        way_out = open_way_out()
        refused = refused_alone(way_out)
        way_out.send_messages([mail.as_message()])
    except Exception as error:
        note(mail, lease, **after_failure(mail, error, timezone.now()))
    else:
        # Before closing the connection, which may take long.
        note(mail, lease, **after_success(mail, refused, timezone.now()))
    finally:
        if way_out:
            with suppress(Exception):
                way_out.close()


def claim(pk: int, now: datetime) -> datetime | None:
    """Claim the mail if it is due; return the end of the lease, or None if it can't be claimed."""
    lease = now + LEASE
    due = Mail.objects.filter(pk=pk, state__in=Mail.OPEN, due_at__lte=now)
    taken = due.update(state=Mail.State.SENDING, due_at=lease, tries=F("tries") + 1)
    return lease if taken else None


def open_way_out() -> Any:
    """Return Django's backend for EMAIL_URL, connected; raise NotSetUp or NotOpened."""
    if not settings.MAIL_WAY_OUT:
        raise NotSetUp("EMAIL_URL is not set: no mail can leave. docs/configuration.md")
    options = dict(settings.MAIL_WAY_OUT)
    # The newest Django needs an alias for options that are not from its own settings.
    way_out = import_string(options.pop("backend"))(alias="way_out", **options)
    try:
        way_out.open()
    except (OSError, SMTPException) as error:
        with suppress(Exception):
            way_out.close()
        raise NotOpened from error
    return way_out


def refused_alone(way_out: Any) -> dict[str, Any]:
    """Return a dict that will hold the recipients that are refused while others are accepted.

    smtplib returns them, and Django's backend drops them:
    https://docs.python.org/3/library/smtplib.html#smtplib.SMTP.sendmail
    """
    refused: dict[str, Any] = {}
    connection = getattr(way_out, "connection", None)
    if connection:
        send = connection.sendmail
        connection.sendmail = lambda *args, **kwargs: refused.update(send(*args, **kwargs))
    return refused


def note(mail: Mail, lease: datetime, **fields: Any) -> None:
    """Record the result of a mail, unless another sender has the lease by now."""
    for left in reversed(range(TRIES_TO_NOTE)):
        try:
            own = Mail.objects.filter(pk=mail.pk, state=Mail.State.SENDING, due_at=lease)
            own.update(**fields)
            return
        except Error:
            if not left or connection.in_atomic_block:
                raise
            logger.warning("mail %s: what became of it can't be noted yet", mail.pk)
            connection.close()
            time.sleep(1)


def try_again(mails: QuerySet[Mail]) -> int:
    """Try failed mails for another day; return their number."""
    now = timezone.now()
    failed = mails.filter(state=Mail.State.FAILED)
    keys = list(failed.values_list("pk", flat=True))
    number = failed.update(state=Mail.State.WAITING, due_at=now, tried_until=in_a_day(), tries=0)
    for pk in keys:
        after_commit("background.tasks.deliver", pk)
    return number


def mark_undeliverable(message_id: str, said: str) -> bool:
    """Mark the mail as bounced, if it was sent; return whether there is such a mail.

    Whoever knows a Message-ID can claim so: nothing follows but the mark, for staff.
    """
    states = [Mail.State.SENT, Mail.State.BOUNCED]
    sent = Mail.objects.filter(message_id=message_id, state__in=states)
    if not sent.update(state=Mail.State.BOUNCED, error=said):
        return False
    logger.warning("a mail is undeliverable, a report says; it is marked in the outbox")
    return True


def after_success(mail: Mail, refused: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the changes to a mail that was accepted, for some of its recipients at least."""
    if refused:
        logger.error("mail %s was not taken for all of its recipients", mail.pk)
    said = str(SMTPRecipientsRefused(refused))[:1000] if refused else ""
    return {"state": Mail.State.SENT, "sent_at": now, "error": said, "content": {}}


def after_failure(mail: Mail, error: Exception, now: datetime) -> dict[str, Any]:
    """Return the changes to a mail that was not accepted: retry later, or failed for good."""
    cause = error.__cause__ if isinstance(error, NotOpened) else error
    said = f"{type(cause).__name__}: {cause}"[:1000]
    if refused_for_good(error) or now > mail.tried_until:
        logger.error("mail %s failed: %s", mail.pk, type(cause).__name__)
        return {"state": Mail.State.FAILED, "error": said}
    told = mail.tries == TRIES_BEFORE_TELLING or mail.tries == 1 and is_the_operators(cause)
    level = logging.ERROR if told else logging.WARNING
    kind = type(cause).__name__  # its message may contain an address
    logger.log(level, "mail %s was not taken, try %s: %s", mail.pk, mail.tries, kind)
    return {"state": Mail.State.WAITING, "error": said, "due_at": now + pause(mail.tries)}


def refused_for_good(error: Exception) -> bool:
    """Return whether the server refuses this mail for good, at whatever step (RFC 5321, 4.2.1).

    A 5yz is final at MAIL, RCPT, DATA and after DATA; a 4yz and a lost connection are not. What
    it says before any of these (the greeting, TLS, the login) is about us and not about the mail.
    """
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, SMTPResponseException) and not isinstance(error, BEFORE_ANY_MAIL):
        codes = [error.smtp_code]
    else:
        return False
    return all(500 <= code < 600 and code not in SIGN_IN_CODES for code in codes)


def is_the_operators(error: BaseException | None) -> bool:
    """Return whether the server wants another sign-in: no later try helps by itself."""
    if isinstance(error, SMTPRecipientsRefused):
        return any(code in SIGN_IN_CODES for code, _ in error.recipients.values())
    return isinstance(error, SMTPAuthenticationError) or (
        isinstance(error, SMTPResponseException) and error.smtp_code in SIGN_IN_CODES
    )


def pause(tries: int) -> timedelta:
    """Return the pause after that many attempts: twice as long each time, up to an hour.

    Half of it is random: mails that failed together must not be retried together.
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    longest = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)
