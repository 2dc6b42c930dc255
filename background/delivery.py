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
from smtplib import SMTPRecipientsRefused
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


class NotSetUp(Exception):
    """EMAIL_URL is not set."""


def deliver(pk: int) -> None:
    """Send the mail if it is due and not claimed; record the result."""
    lease = claim(pk, timezone.now())
    if lease is None:
        return
    mail = Mail.objects.get(pk=pk)
    way_out = None
    try:
        way_out = open_way_out()
        way_out.send_messages([mail.as_message()])
    except Exception as error:
        note(mail, lease, **after_failure(mail, error, timezone.now()))
    else:
        # Before closing the connection, which may take long.
        note(mail, lease, state=Mail.State.SENT, sent_at=timezone.now(), error="", content={})
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
    """Return Django's backend for EMAIL_URL, connected; raise the server's errors."""
    if not settings.MAIL_WAY_OUT:
        raise NotSetUp("EMAIL_URL is not set: no mail can leave. docs/configuration.md")
    options = dict(settings.MAIL_WAY_OUT)
    # The newest Django needs an alias for options that are not from its own settings.
    way_out = import_string(options.pop("backend"))(alias="way_out", **options)
    way_out.open()
    return way_out


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


def after_failure(mail: Mail, error: Exception, now: datetime) -> dict[str, Any]:
    """Return the changes to a mail that was not accepted: retry later, or failed for good."""
    said = f"{type(error).__name__}: {error}"[:1000]
    if refused_for_good(error) or now > mail.tried_until:
        logger.error("mail %s failed: %s", mail.pk, type(error).__name__)
        return {"state": Mail.State.FAILED, "error": said}
    level = logging.ERROR if mail.tries == TRIES_BEFORE_TELLING else logging.WARNING
    kind = type(error).__name__  # its message may contain an address
    logger.log(level, "mail %s was not taken, try %s: %s", mail.pk, mail.tries, kind)
    return {"state": Mail.State.WAITING, "error": said, "due_at": now + pause(mail.tries)}


def refused_for_good(error: Exception) -> bool:
    """Return whether the server refuses all recipients for good (RFC 5321, 4.2.1: 5yz)."""
    return isinstance(error, SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in error.recipients.values()
    )


def pause(tries: int) -> timedelta:
    """Return the pause after that many attempts: twice as long each time, up to an hour.

    Half of it is random: mails that failed together must not be retried together.
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    longest = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)
