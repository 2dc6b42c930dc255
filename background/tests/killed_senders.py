"""Deliver mail in processes that are killed: python -m background.tests.killed_senders PORT.

The database is DATABASE_URL, a file. Prints what became of each mail, as JSON. The processes are
forks of this one, each a moment's work instead of a second's start.
"""

import json
import os
import signal
import smtplib
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from unittest import mock

import django

STEPS = ("claimed", "connected", "addressed", "half", "taken", "noted", "never ran", "before")
ROUNDS = 56


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(function):
    def wrapped(*args, **kwargs):
        function(*args, **kwargs)
        die()

    return wrapped


def half(self, data):
    """Send half of a mail's text, and die."""
    self.putcmd("data")
    self.getreply()
    self.send(b"Subject: half\r\n\r\nNo end")
    die()


@contextmanager
def killed_at(step):
    from background import delivery

    places = {
        "before": (delivery, "claim", die),
        "claimed": (delivery, "claim", die_after(delivery.claim)),
        "connected": (delivery, "open_way_out", die_after(delivery.open_way_out)),
        "addressed": (smtplib.SMTP, "rcpt", die_after(smtplib.SMTP.rcpt)),
        "half": (smtplib.SMTP, "data", half),
        "taken": (delivery, "note", die),
        "noted": (delivery, "note", die_after(delivery.note)),
    }
    with mock.patch.object(*places[step]):
        yield


def in_a_fork(work):
    """Run ``work`` in a process of its own; return the signal that ended it."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] & 0x7F


def main(port):
    django.setup()
    from django.core.mail import send_mail
    from django.core.mail.utils import DNS_NAME
    from django.db import connection
    from django.test import override_settings

    from background import delivery, dispatch, tasks
    from background.models import Mail
    from oc_lettings_site.tests.empty_database import make_tables

    from .smtp import way_out

    make_tables()
    # Once, and not in every fork: what asks the network, and what is imported when first used.
    DNS_NAME.get_fqdn()
    import_module("django.core.mail.backends.smtp")
    assert tasks.deliver.name
    nudged = []
    # What is handed over is noted: in one round of steps the nudge is lost, as to a dead broker.
    dispatch.run = lambda task, args, request: nudged.append(args[0])
    delivery.LEASE = timedelta(seconds=0.3)
    steps = {}

    def round(number):
        nudged.clear()
        send_mail(f"Mail {number}", "text", None, ["host@example.org"])
        step = STEPS[number % len(STEPS)]
        connection.close()
        if step != "never ran":
            with killed_at(step):
                assert in_a_fork(lambda: tasks.deliver(nudged[0])) == signal.SIGKILL
        steps[Mail.objects.latest("pk").pk] = step

    with override_settings(MAIL_WAY_OUT=way_out(port)):
        for number in range(ROUNDS):
            round(number)
        time.sleep(0.4)
        for _ in range(3):  # The sweep may come as often as it likes, and two of them at once.
            nudged.clear()
            tasks.sweep()
            connection.close()
            for pk in nudged * 2:
                assert in_a_fork(lambda: tasks.deliver(pk)) == 0
    rows = Mail.objects.values_list("pk", "message_id", "state")
    print(json.dumps([[steps[pk], message_id, state] for pk, message_id, state in rows]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
