"""No night is booked twice, whatever the moment; the same on SQLite and PostgreSQL."""

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from core.tests import connections
from enquiries import actions, availability
from enquiries.models import Enquiry
from lettings.tests.factories import make_letting

from .factories import make_enquiry, make_profile


@pytest.fixture
def letting(db):
    return make_letting("Silo", host=make_profile("host"))


@pytest.mark.parametrize(
    ("arrive", "leave", "free"),
    [
        (10, 13, False),
        (11, 12, False),
        (9, 11, False),
        (12, 20, False),
        (1, 30, False),
        (13, 15, True),
        (8, 10, True),
    ],
)
def test_nights_are_half_open_ranges(letting, arrive, leave, free):
    make_enquiry(letting, arrive=10, leave=13, state="booked")
    asked = make_enquiry(letting, arrive=arrive, leave=leave)
    if free:
        actions.book(asked)
    else:
        with pytest.raises(actions.NightsTaken):
            actions.book(asked)
    asked.refresh_from_db()
    assert asked.state == ("booked" if free else "new")


def test_the_database_itself_refuses(letting):
    booked = make_enquiry(letting, state="booked")
    for refused in (
        lambda: make_enquiry(letting, state="booked"),
        lambda: Enquiry.objects.filter(pk=make_enquiry(letting).pk).update(state="booked"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
    Enquiry.objects.filter(pk=booked.pk).update(people=3)


def test_only_bookings_of_the_same_nights_conflict(letting):
    make_enquiry(letting, state="booked")
    for state in ("new", "answered", "declined", "closed"):
        make_enquiry(letting, state=state)
    make_enquiry(make_letting("Haus", host=letting.host), state="booked")
    for _ in range(2):
        make_enquiry(None, state="booked")


def test_a_cancelled_booking_frees_its_nights(letting):
    first, second = make_enquiry(letting), make_enquiry(letting)
    actions.book(first)
    actions.close(first, by_host=False)
    actions.book(second)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_one_wins(tmp_path):
    with connections.for_threads(tmp_path):
        letting = make_letting("Silo", host=make_profile("host"))
        for number in range(20):
            pair = [
                make_enquiry(letting, arrive=10 * number + 1, leave=10 * number + 5),
                make_enquiry(letting, arrive=10 * number + 4, leave=10 * number + 9),
            ]
            ends = connections.at_once(*(lambda one=one: actions.book(one) for one in pair))
            assert sorted(type(end).__name__ for end in ends) == ["NightsTaken", "NoneType"]
            keys = [one.pk for one in pair]
            states = Enquiry.objects.filter(pk__in=keys).values_list("state", flat=True)
            assert sorted(states) == ["booked", "new"]
        assert len(mail.outbox) == 20


@pytest.mark.django_db(transaction=True)
def test_booked_and_declined_at_once_is_one_of_them(tmp_path):
    with connections.for_threads(tmp_path):
        letting = make_letting("Silo", host=make_profile("host"))
        for number in range(5):
            asked = make_enquiry(letting, arrive=10 * number + 1, leave=10 * number + 5)
            ends = connections.at_once(
                lambda asked=asked: actions.book(Enquiry.objects.get(pk=asked.pk)),
                lambda asked=asked: actions.decline(Enquiry.objects.get(pk=asked.pk)),
            )
            assert sorted(type(end).__name__ for end in ends) == ["NoneType", "Refused"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL remakes no tables")
def test_the_rule_comes_back_after_sqlite_has_remade_the_table(letting):
    with connection.cursor() as cursor:
        for name in availability.EVENTS:
            cursor.execute(f"DROP TRIGGER {name}")
    assert len(availability.missing(connection)) == 2
    availability.keep(using="default")
    assert availability.missing(connection) == []
    test_the_database_itself_refuses(letting)


def test_the_rule_is_there(db):
    assert availability.missing(connection) == []
