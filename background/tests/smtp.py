"""A mail server for the tests: it accepts every mail, also the same one twice."""

from __future__ import annotations

import socket
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Post:
    """What has arrived, each message as often as it came; and how each step is answered.

    ``answer`` is that to a mail's text; ``answers`` are others, by command: MAIL, RCPT, EHLO.
    """

    def __init__(self):
        self.messages = []
        self.answer = "250 OK"
        self.answers = {}

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [self.answers["EHLO"]] if "EHLO" in self.answers else responses

    async def handle_HELO(self, server, session, envelope, hostname):
        session.host_name = hostname
        return self.answers.get("EHLO", "250 localhost")

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 No such user"
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.messages.append((message, list(envelope.rcpt_tos)))
        return self.answer

    def counted(self):
        """Count the mails by Message-ID."""
        return Counter(message["Message-ID"] for message, _ in self.messages)


def free_port():
    """Return a port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def server():
    """Run a mail server; return what arrives, and its port."""
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield post, controller.port
    finally:
        controller.stop()


def way_out(port):
    """Return the settings that lead there."""
    return {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": "127.0.0.1",
        "port": port,
        "timeout": 5,
    }
