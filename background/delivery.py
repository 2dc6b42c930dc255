"""Delivers what is in the outbox: each mail once, as far as mail can promise that.

A sender claims a mail by a conditional update that also sets its lease. Between that update and
the one that notes the end it may be killed anywhere, and the mail is tried again when the lease
is over. Where the server had taken the mail, but the sender died before it could note it, in the
few milliseconds between two lines below, it arrives twice: no protocol of mail rules that out.
Both have the same Message-ID, by which mail servers and programs recognise one mail.
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

logger = logging.getLogger(__name__)

# As long as a task may take (background/celery.py): nobody sends after that.
LEASE = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
# Some three quarters of an hour after the first: no hiccup any more, and a warning reaches nobody.
TRIES_BEFORE_TELLING = 8
# A mail that arrives twice costs more than a database that comes back a second later.
TRIES_TO_NOTE = 5


class NotSetUp(Exception):
    """There is no way out for mail."""


def deliver(pk: int) -> None:
    """Send the mail, if it is due and nobody else does; note what became of it."""
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
        # Before the server is told good-bye, which may take as long as it likes.
        note(mail, lease, state=Mail.State.SENT, sent_at=timezone.now(), error="", content={})
    finally:
        if way_out:
            with suppress(Exception):
                way_out.close()


def claim(pk: int, now: datetime) -> datetime | None:
    """Take the mail if it is due; give the end of the lease, or None if it is not ours to take."""
    lease = now + LEASE
    due = Mail.objects.filter(pk=pk, state__in=Mail.OPEN, due_at__lte=now)
    taken = due.update(state=Mail.State.SENDING, due_at=lease, tries=F("tries") + 1)
    return lease if taken else None


def open_way_out() -> Any:
    """Give Django's backend for EMAIL_URL, connected; raises what its server does."""
    if not settings.MAIL_WAY_OUT:
        raise NotSetUp("EMAIL_URL is not set: no mail can leave. docs/configuration.md")
    options = dict(settings.MAIL_WAY_OUT)
    # The newest Django asks for an alias where the options are not those of its own settings.
    way_out = import_string(options.pop("backend"))(alias="way_out", **options)
    way_out.open()
    return way_out


def note(mail: Mail, lease: datetime, **fields: Any) -> None:
    """Note what became of a mail, unless the lease went to somebody else meanwhile."""
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
    """Try those that failed for another day; give their number."""
    now = timezone.now()
    failed = mails.filter(state=Mail.State.FAILED)
    keys = list(failed.values_list("pk", flat=True))
    number = failed.update(state=Mail.State.WAITING, due_at=now, tried_until=in_a_day(), tries=0)
    for pk in keys:
        after_commit("background.tasks.deliver", pk)
    return number


def after_failure(mail: Mail, error: Exception, now: datetime) -> dict[str, Any]:
    """Decide what becomes of a mail that was not taken: tried again later, or failed for good."""
    said = f"{type(error).__name__}: {error}"[:1000]
    if refused_for_good(error) or now > mail.tried_until:
        logger.error("mail %s failed: %s", mail.pk, type(error).__name__)
        return {"state": Mail.State.FAILED, "error": said}
    level = logging.ERROR if mail.tries == TRIES_BEFORE_TELLING else logging.WARNING
    kind = type(error).__name__  # its words may have an address in them
    logger.log(level, "mail %s was not taken, try %s: %s", mail.pk, mail.tries, kind)
    return {"state": Mail.State.WAITING, "error": said, "due_at": now + pause(mail.tries)}


def refused_for_good(error: Exception) -> bool:
    """Return whether the server refuses all recipients for good (RFC 5321, 4.2.1: 5yz)."""
    return isinstance(error, SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in error.recipients.values()
    )


def pause(tries: int) -> timedelta:
    """Return how long to wait after that many tries: twice as long each time, up to an hour.

    Half of it is left to chance: what failed together must not come back together.
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    longest = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)
