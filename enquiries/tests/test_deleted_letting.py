"""A letting is deleted while guests book it or write to its host: no deadlock, nobody left out."""

import threading
from unittest import mock

import pytest
from django.db import IntegrityError, connection, connections

from enquiries import actions, mails
from enquiries.models import Enquiry
from lettings.tests.factories import make_letting

from .factories import make_enquiry, make_profile

pytestmark = pytest.mark.django_db(transaction=True)


class Meanwhile(threading.Thread):
    """A thread that runs a function and stores its result or exception."""

    def __init__(self, do):
        super().__init__()
        self.do, self.came = do, None
        self.start()

    def run(self):
        try:
            # A busy machine may take longer than the five seconds of the settings.
            connection.cursor().execute("SET lock_timeout = '60s'")
            self.came = self.do()
        except Exception as error:
            self.came = error
        finally:
            connections.close_all()


@pytest.fixture
def deletion():
    """A letting with an enquiry, and what deletes it, stopping when the first guest is told."""
    letting = make_letting("Haus", host=make_profile("host"))
    enquiry = make_enquiry(letting)
    told, go_on, tell = threading.Event(), threading.Event(), mails.mail_decision

    def tell_and_wait(*args, **kwargs):
        tell(*args, **kwargs)
        told.set()
        go_on.wait(10)

    def start():
        with mock.patch.object(mails, "mail_decision", tell_and_wait):
            deleting = Meanwhile(letting.address.delete)
            assert told.wait(10)
        return deleting, go_on

    return enquiry, start


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_booking_during_the_deletion_waits_and_fails(deletion):
    enquiry, start = deletion
    deleting, go_on = start()
    booking = Meanwhile(lambda: actions.book(enquiry))
    booking.join(0.5)
    assert booking.is_alive()
    go_on.set()
    deleting.join(), booking.join()
    assert isinstance(booking.came, actions.Refused)
    assert Enquiry.objects.get().state == "closed"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_an_enquiry_made_meanwhile_is_closed_too(deletion):
    enquiry, start = deletion
    letting = enquiry.letting
    deleting, go_on = start()
    asking = Meanwhile(lambda: make_enquiry(letting))
    asking.join(0.5)
    assert asking.is_alive()
    go_on.set()
    deleting.join(), asking.join()
    assert isinstance(asking.came, IntegrityError)
    assert Enquiry.objects.get() == enquiry
