"""Actions of guests and hosts on an enquiry, with their mails.

If two act at once, or one twice, a conditional update decides. The mail is written in the same
transaction (background/mail.py), so that it is sent if, and only if, the action was committed.
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
# The same text of the same side within this time is a repeat: a button pressed twice.
AGAIN = timedelta(minutes=1)
# For each state, the states that may precede it.
FROM = {
    State.ANSWERED: (State.NEW,),
    State.BOOKED: Enquiry.OPEN,
    State.DECLINED: Enquiry.OPEN,
    State.CLOSED: (*Enquiry.OPEN, State.BOOKED),
}


class Refused(Exception):
    """The action is not possible; the message tells the user why."""


class NightsTaken(Refused):
    """Another guest has booked one of the nights."""


@transaction.atomic
def write(text: str, **fields: Any) -> Enquiry:
    """Return a new enquiry, and mail both sides; for a form sent twice, return the first one.

    ``fields`` are those of Enquiry.
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
    """Add a message and mail the other side; a host's first one makes the enquiry answered.

    A repeat adds nothing. Raise Refused if the enquiry is closed or declined by now, and
    IntegrityError if the mail of ``mail_key`` has added its message before.
    """
    now = timezone.now()
    still = Enquiry.objects.filter(pk=enquiry.pk)
    if not still.filter(state__in=FROM[State.CLOSED]).update(changed_at=now):
        raise Refused(_("Nothing can be added any more: the enquiry is closed."))
    # The update above locks the row: a second message waits until the first one is committed.
    same = Message.objects.filter(enquiry=enquiry, by_host=by_host, text=text)
    if not mail_key and same.filter(written_at__gt=now - AGAIN).exists():
        return
    if by_host:
        still.filter(state=State.NEW).update(state=State.ANSWERED)
        still.filter(answered_at=None).update(answered_at=now)
    Message.objects.create(enquiry=enquiry, by_host=by_host, text=text, mail_key=mail_key)
    mails.mail_message(enquiry, text, by_host=by_host)


def confirm_guest(enquiry: Enquiry) -> None:
    """Mark the guest's address as confirmed: they used a secret that was only mailed there."""
    Enquiry.objects.filter(pk=enquiry.pk).update(guest_confirmed=True)


def book(enquiry: Enquiry) -> None:
    """Book the nights for the guest; raise NightsTaken if one of them is booked."""
    try:
        _move(enquiry, State.BOOKED, by_host=True)
    except IntegrityError:
        raise NightsTaken(
            _("One of these nights is booked already, for another guest. Nothing was changed.")
        ) from None


def decline(enquiry: Enquiry) -> None:
    """Decline the enquiry, for the host."""
    _move(enquiry, State.DECLINED, by_host=True)


def close(enquiry: Enquiry, *, by_host: bool) -> None:
    """Close it, for either side; a booking too, until the stay is over."""
    if enquiry.was_stayed:
        raise Refused(_("The stay is over: its booking can't be cancelled any more."))
    _move(enquiry, State.CLOSED, by_host=by_host)


def close_all(enquiries: QuerySet[Enquiry], *, by_host: bool) -> None:
    """Close open ones, because a side or the letting is deleted; the other side is mailed."""
    for enquiry in enquiries.for_list().filter(state__in=FROM[State.CLOSED]):
        with suppress(Refused):  # the stay is over, or somebody else was quicker
            close(enquiry, by_host=by_host)


def end_with_letting(instance: Letting, **signal: Any) -> None:
    """Close the enquiries of a letting before any deletion of it, and mail the guests.

    The letting is locked: enquiries and bookings made now wait, so that no guest is left out.
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
    """Lock the letting against other bookings, and against its deletion.

    Otherwise two bookings could deadlock on PostgreSQL; the database's constraint still decides.
    SQLite has one writer at a time anyway. Without ``no_key``, new enquiries wait as well.
    """
    lettings = Letting.objects.select_for_update(no_key=no_key).filter(pk=letting_id)
    lettings.values_list("pk", flat=True).first()
