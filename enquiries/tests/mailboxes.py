"""Mailboxes for the tests: a fake in memory, and a folder of the server at TEST_IMAP_URL."""

import os
from contextlib import contextmanager
from secrets import token_hex

from core.mail_url import way_in
from enquiries.by_mail import parts
from enquiries.by_mail.mailbox import Mailbox, opened

SERVER = os.environ.get("TEST_IMAP_URL", "")
ADDRESS = "answers@example.org"


class Memory:
    """The in-memory fake of Mailbox."""

    def __init__(self):
        self._mails, self._flags = {}, {}

    def unseen(self):
        return [uid for uid, flags in self._flags.items() if "\\Seen" not in flags]

    def fetch(self, uid):
        raw = self._mails.get(uid)
        return raw and parts.whole(raw)

    def mark(self, uid, *, flagged=False):
        if uid in self._flags:
            self._flags[uid] |= {"\\Seen", "\\Flagged"} if flagged else {"\\Seen"}

    def deliver(self, raw):
        uid = len(self._mails) + 1
        self._mails[uid], self._flags[uid] = raw, set()

    def flags(self):
        return [flags & {"\\Seen", "\\Flagged"} for flags in self._flags.values()]


class Real(Mailbox):
    """A mailbox on a real server; it can also deliver mails and read flags."""

    def __init__(self, client, folder):
        super().__init__(client)
        self.folder = folder

    def deliver(self, raw):
        self._client.append(self.folder, raw)
        self._client.noop()

    def flags(self):
        found = self._client.get_flags(sorted(self._client.search()))
        return [
            {flag.decode() for flag in found[uid]} & {"\\Seen", "\\Flagged"}
            for uid in sorted(found)
        ]


def server(**changes):
    """Return the settings that open the server's mailbox."""
    return way_in(SERVER) | changes


@contextmanager
def folder():
    """Open a new folder on the server."""
    name = f"test-{token_hex(4)}"
    with opened(server()) as inbox:
        client = inbox._client
        client.create_folder(name)
        try:
            client.select_folder(name)
            yield Real(client, name)
        finally:
            can_unselect = client.has_capability("UNSELECT")
            client.unselect_folder() if can_unselect else client.close_folder()
            client.delete_folder(name)
