"""Create profiles, enquiries and forms for tests of enquiries."""

from datetime import timedelta
from itertools import count
from unittest import mock

from django.contrib.auth import get_user_model
from django.utils import timezone

from enquiries.forms import STAMP
from enquiries.models import Enquiry, Message, today_somewhere
from lettings.tests.factories import make_letting

_numbers = count(1)


def make_profile(name, **fields):
    """Return the profile of a new user with a mail address."""
    users = get_user_model().objects
    return users.create_user(name, f"{name}@example.org", **fields).profile


def day(number):
    """Return the date in that many days, counted from an enquiry's today."""
    return today_somewhere() + timedelta(days=number)


def make_enquiry(letting, *, arrive=10, leave=13, state="new", text="Is it free?", **fields):
    """Return a new enquiry with a message."""
    fields = {
        "letting": letting,
        "letting_title": letting.title if letting else "A letting that is gone",
        "host": letting.host if letting else None,
        "guest_name": "Ann",
        "guest_email": "ann@example.org",
        "guest_confirmed": True,
        "people": 2,
        "arrive": day(arrive),
        "leave": day(leave),
        "state": state,
        "form_key": f"key-{next(_numbers)}",
        "origin": "http://testserver",
    } | fields
    enquiry = Enquiry.objects.create(**fields)
    Message.objects.create(enquiry=enquiry, by_host=False, text=text)
    return enquiry


def filled_in(key="a-key", **fields):
    """Return the data of the enquiry form as an anonymous guest sends it."""
    with mock.patch("time.time", return_value=timezone.now().timestamp() - 10):
        stamp = STAMP.sign(key)
    return {
        "arrive": day(10).isoformat(),
        "leave": day(13).isoformat(),
        "people": "2",
        "guest_name": "Ann",
        "guest_email": "ann@example.org",
        "text": "Is the porch ours?",
        "website": "",
        "stamp": stamp,
    } | fields


class People:
    """The rows that most tests of enquiries need, for setUpTestData."""

    @classmethod
    def setUpTestData(cls):
        cls.host = make_profile("host")
        cls.guest = make_profile("guest")
        cls.stranger = make_profile("stranger")
        cls.letting = make_letting("Oceanview Retreat", host=cls.host, sleeps=4)
