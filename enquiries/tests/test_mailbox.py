"""The mailbox and its in-memory twin pass the same tests; errors of a server."""

import imaplib

import pytest

from background.tests import smtp
from enquiries.by_mail import mailbox as mailbox_module
from enquiries.by_mail.mailbox import MailboxError, opened

from . import mailboxes

MAIL = b"Subject: Oc\xc3\xa9an\r\n\r\nYes.\r\n"
needs_a_server = pytest.mark.skipif(not mailboxes.SERVER, reason="TEST_IMAP_URL is not set")


class TestBoth:
    def test_an_empty_one(self, mailbox):
        assert mailbox.unseen() == []

    def test_what_is_fetched_stays_unseen(self, mailbox):
        mailbox.deliver(MAIL)
        (uid,) = mailbox.unseen()
        message = mailbox.fetch(uid).message
        assert message.get_payload(decode=True).strip() == b"Yes."
        assert mailbox.unseen() == [uid]

    def test_what_is_marked_is_seen(self, mailbox):
        for _ in range(3):
            mailbox.deliver(MAIL)
        first, second, third = mailbox.unseen()
        mailbox.mark(first)
        mailbox.mark(third, flagged=True)
        assert mailbox.unseen() == [second]
        assert mailbox.flags() == [{"\\Seen"}, set(), {"\\Seen", "\\Flagged"}]

    def test_one_that_is_gone(self, mailbox):
        assert mailbox.fetch(4711) is None
        mailbox.mark(4711)


@needs_a_server
class TestServer:
    def test_a_wrong_password(self):
        with pytest.raises(MailboxError, match="does not take the password of .*INBOX_URL"):
            with opened(mailboxes.server(password='é"wrong')):
                pass

    def test_no_such_folder(self):
        with pytest.raises(MailboxError, match="has no folder Nowhere.*INBOX_URL"):
            with opened(mailboxes.server(folder="Nowhere")):
                pass

    def test_another_port_than_that_of_tls(self):
        with pytest.raises(MailboxError, match="can't be reached .*speak imaps"):
            with opened(mailboxes.server(scheme="imaps")):
                pass

    def test_no_starttls(self):
        with pytest.raises(MailboxError, match="can't be reached"):
            with opened(mailboxes.server(scheme="imap+tls")):
                pass


class Refusing:
    """A client of a server that refuses the password, or every other command."""

    def __init__(self, has_plain, at=""):
        self._has_plain, self._at = has_plain, at

    def has_capability(self, name):
        return self._has_plain

    def plain_login(self, user, password):
        if not self._at:
            raise imaplib.IMAP4.error("[ALERT] Too many connections")

    def login(self, user, password):
        password.encode("ascii")

    def select_folder(self, folder):
        self._answer("SELECT")

    def search(self, criteria):
        self._answer("SEARCH")

    def _answer(self, command):
        if command == self._at:
            raise imaplib.IMAP4.error(f"{command}: BAD [b'Unknown']")

    def logout(self):
        pass


WAY_IN = {"host": "h", "port": 1, "username": "me", "password": "gehé", "folder": "INBOX"}


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (
            Refusing(True),
            r"password of me \(\[ALERT\] Too many connections\).*INBOX_URL",
        ),
        (Refusing(False), r"password of me \(ASCII only\).*INBOX_URL"),
        (Refusing(True, "SELECT"), "no folder INBOX .SELECT: BAD .*Unknown.*INBOX_URL"),
        (Refusing(True, "SEARCH"), "refused SEARCH: SEARCH: BAD .*Unknown.*INBOX_URL"),
    ],
)
def test_the_operator_is_told_what_the_server_says(monkeypatch, server, said):
    monkeypatch.setattr(mailbox_module, "_connect", lambda way_in: server)
    with pytest.raises(MailboxError, match=said) as raised:
        with opened(WAY_IN) as mailbox:
            mailbox.unseen()
    assert "é" not in str(raised.value)


def test_no_server_listens():
    nobody = {"host": "127.0.0.1", "port": smtp.free_port(), "scheme": "imap"}
    with pytest.raises(MailboxError, match="can't be reached.*ConnectionRefusedError.*runbook"):
        with opened(nobody):
            pass
