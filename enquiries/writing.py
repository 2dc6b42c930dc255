"""What guests and hosts do with an enquiry, and what each of them is told by mail.

Where two act at once, or one twice, a conditional update decides; the mail is written in the same
transaction (background/mail.py), so that it goes out if, and only if, the deed was done.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lettings.models import Letting

from . import mails
from .models import Enquiry, Message

State = Enquiry.State
# The same words of the same side within this time were sent twice: a button pressed again.
AGAIN = timedelta(minutes=1)
# From which states one may come to each.
FROM = {
    State.ANSWERED: (State.NEW,),
    State.BOOKED: Enquiry.OPEN,
    State.DECLINED: Enquiry.OPEN,
    State.CLOSED: (*Enquiry.OPEN, State.BOOKED),
}


class Refused(Exception):
    """It can't be done; the text says why, to the person who tried."""


class NightsTaken(Refused):
    """Somebody else has booked one of the nights."""


@transaction.atomic
def write(text: str, **fields: Any) -> Enquiry:
    """Write an enquiry, and tell both sides; the form sent twice gives the one that is there.

    ``fields`` are those of Enquiry. Raises nothing of its own.
    """
    try:
        with transaction.atomic():
            enquiry = Enquiry.objects.create(**fields)
    except IntegrityError:
        return Enquiry.objects.get(form_key=fields["form_key"])
    Message.objects.create(enquiry=enquiry, by_host=False, text=text)
    mails.mail_new_enquiry(enquiry, text)
    return enquiry


@transaction.atomic
def say(enquiry: Enquiry, text: str, *, by_host: bool, mail_key: str | None = None) -> None:
    """Add a message and tell the other side; a host's first makes the enquiry answered.

    The same once more is none. Raises Refused when the enquiry is closed or declined by now;
    IntegrityError when a message that came by a mail, which ``mail_key`` names, is there already.
    """
    now = timezone.now()
    still = Enquiry.objects.filter(pk=enquiry.pk)
    if not still.filter(state__in=FROM[State.CLOSED]).update(changed_at=now):
        raise Refused(_("Nothing can be added any more: the enquiry is closed."))
    # The update above makes a second one at the same moment wait until the first is written.
    same = Message.objects.filter(enquiry=enquiry, by_host=by_host, text=text)
    if not mail_key and same.filter(written_at__gt=now - AGAIN).exists():
        return
    if by_host:
        still.filter(state=State.NEW).update(state=State.ANSWERED)
        still.filter(answered_at=None).update(answered_at=now)
    Message.objects.create(enquiry=enquiry, by_host=by_host, text=text, mail_key=mail_key)
    mails.mail_message(enquiry, text, by_host=by_host)


def confirm_guest(enquiry: Enquiry) -> None:
    """Note that the guest's address is theirs: they have acted by what was mailed there alone."""
    Enquiry.objects.filter(pk=enquiry.pk).update(guest_confirmed=True)


def book(enquiry: Enquiry) -> None:
    """Book the nights for the guest; raises NightsTaken when another has one of them."""
    try:
        _move(enquiry, State.BOOKED, by_host=True)
    except IntegrityError:
        raise NightsTaken(
            _("One of these nights is booked already, for another guest. Nothing was changed.")
        ) from None


def decline(enquiry: Enquiry) -> None:
    """Say no, for the host."""
    _move(enquiry, State.DECLINED, by_host=True)


def close(enquiry: Enquiry, *, by_host: bool) -> None:
    """End it, by either side; a booking too, until its stay is over."""
    if enquiry.was_stayed:
        raise Refused(_("The stay is over: its booking can't be cancelled any more."))
    _move(enquiry, State.CLOSED, by_host=by_host)


def close_all(enquiries: QuerySet[Enquiry], *, by_host: bool) -> None:
    """End those that still go on, because a side or the letting goes; the other side is told."""
    for enquiry in enquiries.for_list().filter(state__in=FROM[State.CLOSED]):
        with suppress(Refused):  # a stay that is over, or somebody was quicker
            close(enquiry, by_host=by_host)


def end_with_letting(instance: Letting, **signal: Any) -> None:
    """Tell the guests of a letting that is about to be deleted, whoever deletes it and however.

    Whoever books it now, or asks for it, waits or comes too late: nobody is left out.
    """
    _lock(instance.pk, no_key=False)
    close_all(instance.enquiries.all(), by_host=True)


@transaction.atomic
def _move(enquiry: Enquiry, to: State, *, by_host: bool) -> None:
    now = timezone.now()
    still = Enquiry.objects.filter(pk=enquiry.pk, state__in=FROM[to])
    if to == State.BOOKED:
        _lock(enquiry.letting_id, no_key=True)
        still = still.filter(letting__isnull=False)
    if not still.update(state=to, changed_at=now):
        raise Refused(_("That is not possible any more: somebody was quicker. Look again."))
    if by_host:
        Enquiry.objects.filter(pk=enquiry.pk, answered_at=None).update(answered_at=now)
    enquiry.state = to
    mails.mail_decision(enquiry, by_host=by_host)


def _lock(letting_id: int | None, *, no_key: bool) -> None:
    """Take turns with other bookings of the letting, and with its deletion.

    On PostgreSQL two could wait for each other; the database's rule still judges. SQLite has one
    writer at a time anyway. Without ``no_key`` new enquiries wait as well.
    """
    lettings = Letting.objects.select_for_update(no_key=no_key).filter(pk=letting_id)
    lettings.values_list("pk", flat=True).first()
