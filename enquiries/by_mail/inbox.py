"""Answers by mail: from the mailbox into the thread.

The reply address identifies the author: it has a token that nobody can guess, and only that side
was sent it, like the link in a guest's mail (addresses.py). From is not checked. It proves
nothing, since anybody can forge it, and many people answer from a phone with another address.
Whoever forwards such a mail also forwards the right to answer it, as with every link.

No mail is lost: it is marked as seen only after its result is committed. No mail counts twice: a
message stores a unique key of its mail, and a notice to an author has a unique Message-ID made of
its occasion. There are no mail loops: mail sent by a program is never answered; a notice goes to
the address that the site knows, never to one that only From claims, and once a day for each
reason; and only so many mails an hour are passed on.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from background.jobs import for_each

from .. import actions, mails
from ..forms import MessageForm
from ..models import LINK, Enquiry, Message
from . import bounces, incoming
from .addresses import answers_to
from .automatic import Sign
from .incoming import IncomingMail, Trouble
from .mailbox import Mailbox
from .parts import Fetched

logger = logging.getLogger(__name__)

# Mails in one run; the next run is a minute later.
AT_ONCE = 50
# Mails from one side of an enquiry: this stops two programs that answer each other.
AN_HOUR = 20


class Reason(TextChoices):
    """The reason why an answer was not passed on, as its author is told."""

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
    """Process unseen mails; at the end, raise the first error of the mailbox or the database.

    A mail that can't be fetched or answered stays unseen, and does not stop the next ones.
    """

    def take(uid: int) -> None:
        if fetched := mailbox.fetch(uid):  # otherwise somebody has just deleted it
            mailbox.mark(uid, flagged=not take_in(fetched))

    for_each(mailbox.unseen()[:AT_ONCE], take)


def take_in(fetched: Fetched) -> bool:
    """Pass a mail on, or tell its author why not; return False if a person should look at it."""
    try:
        mail = incoming.read(fetched)
    except Exception:
        # Any error, because the mails after this one must be processed.
        logger.exception("a mail in the inbox can't be read; it is flagged there")
        return False
    if mail.sign == Sign.LIKELY:
        logger.warning("a mail in the inbox seems to be a program's; it is flagged there")
        return False
    if mail.sign == Sign.SURE:
        bounces.note(fetched.message)
        return True
    found = [one for side in mail.sides if (one := _enquiry_of(*side))]
    if not found:
        return _not_passed_on(_latest_of(mail.sender), Reason.UNKNOWN)
    # A host may write one mail to two guests.
    mail = replace(mail, text=_without_keys(mail.text, [one[0] for one in found]))
    reasons = [(one, _pass_on(mail, *one)) for one in found]
    return all([reason is None or _not_passed_on(one, reason) for one, reason in reasons])


def _enquiry_of(pk: int, by_host: bool) -> tuple[Enquiry, bool] | None:
    """Return the enquiry and whether its host writes; None if that side is deleted or inactive."""
    enquiry = Enquiry.objects.for_list().filter(pk=pk).first()
    if enquiry is None or not mails.address_of(enquiry, by_host=by_host):
        return None
    profile = enquiry.host if by_host else enquiry.guest
    return (enquiry, by_host) if profile is None or profile.user.is_active else None


def _pass_on(mail: IncomingMail, enquiry: Enquiry, by_host: bool) -> Reason | Trouble | None:
    """Add a mail to its thread, once; return the reason if it was refused, else None."""
    key = sha256(f"{mail.key} {enquiry.pk} {by_host}".encode()).hexdigest()
    if _is_there(key):
        return None
    if not by_host:
        actions.confirm_guest(enquiry)
        enquiry.guest_confirmed = True
    form = MessageForm({"text": mail.text})
    if refused := _refused(mail, form, enquiry, by_host):
        return refused
    try:
        _say(mail, form.cleaned_data["text"], enquiry, by_host, key)
    except actions.Refused:
        return Reason.CLOSED
    except IntegrityError:
        if not _is_there(key):
            raise
    return None


def _refused(
    mail: IncomingMail, form: MessageForm, enquiry: Enquiry, by_host: bool
) -> Reason | Trouble | None:
    """Return why a mail can't be passed on, whatever the state of its enquiry."""
    if mail.trouble:
        return mail.trouble
    if not form.is_valid():
        return Reason.LONG if form.has_error("text", "max_length") else Reason.EMPTY
    since = timezone.now() - timedelta(hours=1)
    by_mail = enquiry.messages.filter(by_host=by_host, written_at__gt=since)
    return Reason.MANY if by_mail.exclude(mail_key=None).count() >= AN_HOUR else None


@transaction.atomic
def _say(mail: IncomingMail, text: str, enquiry: Enquiry, by_host: bool, key: str) -> None:
    """Add the message, and tell its author what of the mail is not in it."""
    actions.say(enquiry, text, by_host=by_host, mail_key=key)
    tell = {"by_host": by_host, "once": f"part-{key[:32]}"}
    if mail.attachments:
        mails.mail_attachments_not_passed_on(enquiry, mail.attachments, **tell)
    if not mail.is_sure:
        mails.mail_letters_lost(enquiry, text, **tell | {"once": f"text-{key[:32]}"})


def _is_there(key: str) -> bool:
    return Message.objects.filter(mail_key=key).exists()


def _without_keys(text: str, enquiries: list[Enquiry]) -> str:
    """Return the text without links and reply addresses, by which others could act as one side."""
    keys = [LINK.sign(str(enquiry.pk)) for enquiry in enquiries]
    keys += [answers_to(one.pk, by_host=by_host) for one in enquiries for by_host in (True, False)]
    return re.sub("|".join(map(_in_any_form, keys)), "…", text, flags=re.IGNORECASE)


def _in_any_form(key: str) -> str:
    """Return a pattern of a key as programs write it: in capitals, or within another link.

    Outlook's Safe Links percent-encode it, forwarded ones twice; Proofpoint's write -3A for %3A.
    """
    return "".join(
        letter if letter.isalnum() else f"(?:{re.escape(letter)}|[%-](?:25)*{ord(letter):x})"
        for letter in key
    )


def _latest_of(address: str) -> tuple[Enquiry, bool] | None:
    """Return the latest enquiry of a known address, and whether it is the host's."""
    if not address:
        return None
    is_host = Q(host__user__email__iexact=address)
    is_guest = Q(guest__user__email__iexact=address) | Q(guest=None, guest_email__iexact=address)
    enquiries = Enquiry.objects.for_list().filter(is_host | is_guest)
    enquiry = enquiries.order_by("-pk").first()
    if enquiry is None:
        return None
    return enquiry, mails.address_of(enquiry, by_host=True).lower() == address


def _not_passed_on(side: tuple[Enquiry, bool] | None, reason: Reason | Trouble) -> bool:
    """Mail a known author the reason, once a day; return False: a person should look at it."""
    if side is None:
        logger.warning("a mail in the inbox belongs to no enquiry; it is flagged there")
        return False
    enquiry, by_host = side
    logger.warning("an answer by mail to enquiry %s was not passed on; it is flagged", enquiry.pk)
    occasion = f"{enquiry.pk} {by_host} {reason} {timezone.now():%Y-%m-%d}"
    once = f"not-{sha256(occasion.encode()).hexdigest()[:32]}"
    try:
        with transaction.atomic():
            mails.mail_not_passed_on(enquiry, reason.label, by_host=by_host, once=once)
    except IntegrityError:
        logger.info("its author was told today already")
    return False
