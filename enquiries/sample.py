"""A year of sample enquiries, up to today; the same at every load."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lettings.models import Letting
from profiles.models import Profile

from .models import Enquiry, Message

State = Enquiry.State
# A letting has at most one stay in each period of this length, so that stays don't overlap.
STRETCH = 12
NAMES = ("Ann Lee", "Ben Ortiz", "Chloé Martin", "Dana Novak", "Emil Berg", "Farah Aziz")
ASKED = (
    "Is the place free then? We are quiet people, and bring our own towels.",
    "We would come by train. Is there a bus from the station?",
    "May we bring a small dog? It sleeps under the table.",
    "Is there a table large enough to work at?",
    "It is my mother's birthday on the second day. Is there an oven for a cake?",
)
ANSWERS = {
    State.ANSWERED: "It is free. Tell me when you arrive, and I will leave the light on.",
    State.BOOKED: "With pleasure: the nights are yours. The key is under the third pot.",
    State.DECLINED: "I am sorry: we paint the house in those days.",
    State.CLOSED: "Another time, then. You are welcome in any season.",
}


@transaction.atomic
def load(lettings: QuerySet[Letting]) -> int:
    """Create enquiries for these lettings, unless any exist; return their number."""
    if Enquiry.objects.exists():
        return 0
    chance, now = random.Random(2021), timezone.now()
    guests = list(Profile.objects.filter(lettings__in=lettings).order_by("pk").distinct())
    made = []
    for letting in lettings.order_by("pk"):
        for start in range(-360, 72, STRETCH):
            made += _enquiry(letting, start, now, guests, chance)
    enquiries = Enquiry.objects.bulk_create(made)
    Message.objects.bulk_create(_messages(enquiries, chance))
    return len(enquiries)


def _enquiry(
    letting: Letting, start: int, now: datetime, guests: list[Profile], chance: random.Random
) -> list[Enquiry]:
    """Return one for the period that begins in ``start`` days, if its guest has written by now."""
    begin, nights = start + chance.randint(0, 4), chance.randint(2, 7)
    written = now + timedelta(days=begin - chance.randint(10, 60), minutes=-chance.randint(1, 600))
    guest = chance.choice([*guests, None, None, None])
    state, patience = _state(chance, (now - written).days, begin + nights), chance.randint(
        20, 1500
    )
    name = chance.choice(NAMES)
    if written > now or guest == letting.host:
        return []
    answered = None if state == State.NEW else min(now, written + timedelta(minutes=patience))
    arrive: date = timezone.localdate(now) + timedelta(days=begin)
    return [
        Enquiry(
            letting=letting,
            letting_title=letting.title,
            host=letting.host,
            guest=guest,
            guest_name=guest.user.username if guest else name,
            arrive=arrive,
            leave=arrive + timedelta(days=nights),
            people=chance.randint(1, letting.sleeps or 2),
            state=state,
            created_at=written,
            changed_at=answered or written,
            answered_at=answered,
            form_key=f"sample-{letting.pk}-{start}",
        )
    ]


def _state(chance: random.Random, age: int, leaves: int) -> State:
    """Return a state for an enquiry of that age in days, whose guest leaves in ``leaves`` days."""
    drawn = chance.random()
    if leaves <= 0:
        return State.BOOKED if drawn < 0.6 else State.DECLINED if drawn < 0.8 else State.CLOSED
    if age < 3:
        return State.NEW
    if drawn < 0.2:
        return State.ANSWERED
    return State.BOOKED if drawn < 0.7 else State.DECLINED if drawn < 0.85 else State.CLOSED


def _messages(enquiries: list[Enquiry], chance: random.Random) -> list[Message]:
    messages = []
    for enquiry in enquiries:
        asked, answer = chance.choice(ASKED), ANSWERS.get(enquiry.state)
        messages.append(
            Message(enquiry=enquiry, by_host=False, text=asked, written_at=enquiry.created_at)
        )
        if answer:
            messages.append(
                Message(enquiry=enquiry, by_host=True, text=answer, written_at=enquiry.answered_at)
            )
    return messages
