"""Mailboxes for the tests: the twin in memory, and a folder of the server at TEST_IMAP_URL."""

import imaplib
import os
from contextlib import contextmanager
from secrets import token_hex

from core.mail_url import way_in
from enquiries.by_mail.mailbox import Mailbox, opened

SERVER = os.environ.get("TEST_IMAP_URL", "")
ADDRESS = "answers@example.org"


class Memory:
    """The in-memory twin of Mailbox."""

    def __init__(self):
        self._mails, self._flags = {}, {}

    def unseen(self):
        return [uid for uid, flags in self._flags.items() if "\\Seen" not in flags]

    def fetch(self, uid):
        return self._mails.get(uid, b"")

    def mark(self, uid, *, flagged=False):
        if uid in self._flags:
            self._flags[uid] |= {"\\Seen", "\\Flagged"} if flagged else {"\\Seen"}

    def deliver(self, raw):
        uid = str(len(self._mails) + 1)
        self._mails[uid], self._flags[uid] = raw, set()

    def flags(self):
        return [flags & {"\\Seen", "\\Flagged"} for flags in self._flags.values()]


class Real(Mailbox):
    """A mailbox on a real server; it can also deliver mails and read flags."""

    def __init__(self, connection, folder):
        super().__init__(connection)
        self.folder = folder

    def deliver(self, raw):
        status, answer = self._connection.append(self.folder, None, None, raw)
        assert status == "OK", answer
        self._connection.noop()

    def flags(self):
        _, (found,) = self._connection.uid("SEARCH", "ALL")
        answers = [self._connection.uid("FETCH", uid, "(FLAGS)")[1] for uid in found.split()]
        return [
            {flag.decode() for flag in imaplib.ParseFlags(answer[0])} & {"\\Seen", "\\Flagged"}
            for answer in answers
        ]


def server(**changes):
    """Return the settings that open the server's mailbox."""
    return way_in(SERVER) | changes


@contextmanager
def folder():
    """Open a new folder on the server."""
    name = f"test-{token_hex(4)}"
    with opened(server()) as inbox:
        connection = inbox._connection
        connection.create(name)
        try:
            assert connection.select(name)[0] == "OK"
            yield Real(connection, name)
        finally:
            connection.unselect() if "UNSELECT" in connection.capabilities else connection.close()
            connection.delete(name)
