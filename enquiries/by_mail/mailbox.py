"""The mailbox for answers by mail, read by IMAP4rev1 (RFC 3501).

Its in-memory twin, which passes the same tests, is in tests/mailboxes.py.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

# Timeout in seconds for each response of the server.
TIMEOUT = 10
# Only the beginning of a mail is read: the text comes before the attachments.
FIRST_BYTES = 1_000_000
NEXT = "Set INBOX_URL again, and see docs/runbook.md, Answers by mail."


class MailboxError(Exception):
    """The mailbox can't be read; the message says why, and what to type next."""


class Mailbox:
    """An open mailbox: read unseen mails and mark them."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def unseen(self) -> list[str]:
        """Return the ids of unseen mails, the oldest first."""
        (found,) = self._do("SEARCH", "UNSEEN", "UNDELETED")
        return (found or b"").decode().split()

    def fetch(self, uid: str) -> bytes:
        """Return the beginning of a mail, which stays unseen; b"" if it is gone."""
        answer = self._do("FETCH", uid, f"(BODY.PEEK[]<0.{FIRST_BYTES}>)")
        return next((part[1] for part in answer if isinstance(part, tuple)), b"")

    def mark(self, uid: str, *, flagged: bool = False) -> None:
        """Mark a mail as seen, so that it is not read again; optionally flag it for a person."""
        self._do("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Flagged)" if flagged else r"(\Seen)")

    def _do(self, *command: str) -> list[Any]:
        status, answer = self._connection.uid(*command)
        if status != "OK":
            raise MailboxError(f"The mail server refused {command[0]}: {answer}. {NEXT}")
        return answer


@contextmanager
def opened(way_in: dict[str, Any]) -> Iterator[Mailbox]:
    """Open the mailbox of ``settings.MAIL_WAY_IN``; raise MailboxError."""
    server = f"{way_in['host']}:{way_in['port']}"
    try:
        connection = _connect(way_in)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxError(
            f"{server} can't be reached ({type(error).__name__}: {error}): is that the IMAP"
            f" server, and does it speak {way_in['scheme']}? {NEXT}"
        ) from error
    try:
        _sign_in(connection, way_in, server)
        yield Mailbox(connection)
    except (OSError, imaplib.IMAP4.abort) as error:
        raise MailboxError(
            f"{server} broke off ({type(error).__name__}: {error}). Nothing is lost: it is asked"
            " again in a minute."
        ) from error
    except imaplib.IMAP4.error as error:
        raise MailboxError(f"The mail server refused: {error}. {NEXT}") from error
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def _connect(way_in: dict[str, Any]) -> imaplib.IMAP4:
    # imaplib's default context accepts any certificate.
    context = ssl.create_default_context()
    place = {"host": way_in["host"], "port": way_in["port"], "timeout": TIMEOUT}
    if way_in["scheme"] == "imaps":
        return imaplib.IMAP4_SSL(**place, ssl_context=context)
    connection = imaplib.IMAP4(**place)
    if way_in["scheme"] == "imap+tls":
        try:
            connection.starttls(context)
        except BaseException:
            with suppress(OSError):
                connection.shutdown()
            raise
    return connection


def _sign_in(connection: imaplib.IMAP4, way_in: dict[str, Any], server: str) -> None:
    user, password = way_in["username"], way_in["password"]
    try:
        if "AUTH=PLAIN" in connection.capabilities:
            # AUTHENTICATE takes any letter, LOGIN only ASCII.
            connection.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
        else:
            connection.login(f'"{user}"', password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
        # A letter of the password can't be encoded.
        said = "ASCII only" if isinstance(error, UnicodeEncodeError) else error
        raise MailboxError(
            f"{server} does not take the password of {user} ({said}): many providers want one made"
            f" for programs, and it is percent-encoded in the URL. {NEXT}"
        ) from None
    status, answer = connection.select(f'"{way_in["folder"]}"')
    if status != "OK":
        raise MailboxError(f"{server} has no folder {way_in['folder']} ({answer}). {NEXT}")
