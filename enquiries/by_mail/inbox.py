"""Answers by mail: from the mailbox into the thread.

Who wrote one is what its address says: a token that nobody can guess, in a mail that only that
side was sent, as the link in a guest's mail is (addresses.py). From proves nothing, since anybody
can write it, and it would refuse honest people, who answer from a telephone with another address:
it is not asked. Who hands such a mail on hands on the right to answer it, as with every link.

Nothing is lost: a mail is marked as seen when what became of it is committed. Nothing comes twice:
a message keeps a key of its mail, and what an author is told has a Message-ID made of the
occasion, both unique. Nothing goes round in circles: what a program sent is never answered; an
author is told at the address that the site has of them, never at one that only From claims, and
once a day for each reason; after so many mails within an hour no more are passed on.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote

from django.db import IntegrityError, transaction
from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from background.jobs import for_each

from .. import mails, writing
from ..forms import MessageForm
from ..models import LINK, Enquiry, Message
from . import incoming
from .addresses import answers_to
from .incoming import Arrived
from .mailbox import Mailbox

logger = logging.getLogger(__name__)

# In one run; the next comes in a minute.
AT_ONCE = 50
# From one side in one enquiry: two programs that take each other for people are stopped there.
AN_HOUR = 20


class Why(TextChoices):
    """Why an answer was not passed on, as its author is told."""

    EMPTY = "empty", _(
        "Nothing stood above the line of the mail that you answered; attachments don't count."
    )
    LONG = "long", _("It was longer than the 4000 characters that a message may have.")
    MANY = "many", _("Those were too many mails within an hour.")
    CLOSED = "closed", _("Nothing can be added any more: the enquiry is closed.")
    UNKNOWN = "unknown", _(
        "It is not clear which enquiry it belongs to: please answer the mail that we sent you"
        " about it. Your latest enquiry is this one."
    )


def collect(mailbox: Mailbox) -> None:
    """Take in what is unseen; raises the first that the mailbox or the database does, at the end.

    What can't be fetched or answered stays unseen: those behind it must get through.
    """

    def take(uid: str) -> None:
        if raw := mailbox.fetch(uid):  # else somebody has just deleted it
            mailbox.mark(uid, flagged=not take_in(raw))

    for_each(mailbox.unseen()[:AT_ONCE], take)


def take_in(raw: bytes) -> bool:
    """Pass a mail on, or tell its author why not; say whether nobody needs to look at it."""
    try:
        mail = incoming.read(raw)
    except Exception:
        # Whatever it is: those behind it must get through.
        logger.exception("a mail in the inbox can't be read; it is flagged there")
        return False
    if mail.is_automatic:
        return True
    found = [one for side in mail.sides if (one := _enquiry_of(*side))]
    if not found:
        return _not_passed_on(_latest_of(mail.sender), Why.UNKNOWN)
    # A host may write one mail to two guests.
    mail = replace(mail, text=_without_keys(mail.text, [one[0] for one in found]))
    whys = [(one, _pass_on(mail, *one)) for one in found]
    return all([why is None or _not_passed_on(one, why) for one, why in whys])


def _enquiry_of(pk: int, by_host: bool) -> tuple[Enquiry, bool] | None:
    """Return the enquiry, and whether its host writes, unless that side is gone or barred."""
    enquiry = Enquiry.objects.for_list().filter(pk=pk).first()
    if enquiry is None or not mails.address_of(enquiry, by_host=by_host):
        return None
    profile = enquiry.host if by_host else enquiry.guest
    return (enquiry, by_host) if profile is None or profile.user.is_active else None


def _pass_on(mail: Arrived, enquiry: Enquiry, by_host: bool) -> Why | None:
    """Add a mail to its thread, once; give why not, or None."""
    key = sha256(f"{mail.key} {enquiry.pk} {by_host}".encode()).hexdigest()
    if _is_there(key):
        return None
    if not by_host:
        writing.confirm_guest(enquiry)
        enquiry.guest_confirmed = True
    form = MessageForm({"text": mail.text})
    if not form.is_valid():
        return Why.LONG if form.has_error("text", "max_length") else Why.EMPTY
    since = timezone.now() - timedelta(hours=1)
    by_mail = enquiry.messages.filter(by_host=by_host, written_at__gt=since)
    if by_mail.exclude(mail_key=None).count() >= AN_HOUR:
        return Why.MANY
    text = form.cleaned_data["text"]
    try:
        with transaction.atomic():
            writing.say(enquiry, text, by_host=by_host, mail_key=key)
            if mail.has_attachments:
                mails.mail_attachments_not_passed_on(
                    enquiry, by_host=by_host, once=f"part-{key[:32]}"
                )
    except writing.Refused:
        return Why.CLOSED
    except IntegrityError:
        if not _is_there(key):
            raise
    return None


def _is_there(key: str) -> bool:
    return Message.objects.filter(mail_key=key).exists()


def _without_keys(text: str, enquiries: list[Enquiry]) -> str:
    """Take out what lets others act as one side, should a program have quoted it out of place."""
    keys = [LINK.sign(str(enquiry.pk)) for enquiry in enquiries]
    keys += [answers_to(one.pk, by_host=by_host) for one in enquiries for by_host in (True, False)]
    # Programs write addresses in capitals, and links into others' links (Outlook's "safe" ones).
    forms = [re.escape(form) for key in keys for form in (key, quote(key, safe=""))]
    return re.sub("|".join(forms), "…", text, flags=re.IGNORECASE)


def _latest_of(address: str) -> tuple[Enquiry, bool] | None:
    """Return the latest enquiry of somebody we know, and whether they are its host."""
    if not address:
        return None
    is_host = Q(host__user__email__iexact=address)
    is_guest = Q(guest__user__email__iexact=address) | Q(guest=None, guest_email__iexact=address)
    enquiries = Enquiry.objects.for_list().filter(is_host | is_guest)
    enquiry = enquiries.order_by("-pk").first()
    if enquiry is None:
        return None
    return enquiry, mails.address_of(enquiry, by_host=True).lower() == address


def _not_passed_on(side: tuple[Enquiry, bool] | None, why: Why) -> bool:
    """Tell a side that we know why, once a day; give False: somebody should look at the mail."""
    if side is None:
        logger.warning("a mail in the inbox belongs to no enquiry; it is flagged there")
        return False
    enquiry, by_host = side
    logger.warning("an answer by mail to enquiry %s was not passed on; it is flagged", enquiry.pk)
    occasion = f"{enquiry.pk} {by_host} {why} {timezone.now():%Y-%m-%d}"
    once = f"not-{sha256(occasion.encode()).hexdigest()[:32]}"
    try:
        with transaction.atomic():
            mails.mail_not_passed_on(enquiry, why.label, by_host=by_host, once=once)
    except IntegrityError:
        logger.info("its author was told today already")
    return False
