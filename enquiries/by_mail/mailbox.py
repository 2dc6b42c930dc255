"""The mailbox for answers by mail, read by IMAP4rev1 (RFC 3501) with IMAPClient.

Its in-memory fake, which passes the same tests, is in tests/mailboxes.py.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from . import parts
from .parts import HEADER_BYTES, HEADERS, TEXT_BYTES, Fetched

logger = logging.getLogger(__name__)

# Timeout in seconds for each response of the server.
TIMEOUT = 10
# Of a mail whose tree the server can't tell: what is read of it as a whole.
WHOLE_BYTES = 1_000_000
# How long a part that the server refuses is asked for again, each minute.
PATIENCE = timedelta(hours=1)
NEXT = "Set INBOX_URL again, and see docs/runbook.md, Answers by mail."
# How a parser fails at what is no BODYSTRUCTURE, or one that is nested too deep.
NO_STRUCTURE = (
    *(AssertionError, AttributeError, LookupError, RecursionError),
    *(TypeError, ValueError, UnboundLocalError),
)


class MailboxError(Exception):
    """The mailbox can't be read; the message says why, and what to type next."""


class Mailbox:
    """An open mailbox: read unseen mails and mark them."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client

    def unseen(self) -> list[int]:
        """Return the ids of unseen mails, the oldest first."""
        with _refusals("SEARCH"):
            return sorted(self._client.search(["UNSEEN", "UNDELETED"]))

    def fetch(self, uid: int) -> Fetched | None:
        """Return the headers and texts of a mail, which stays unseen; None if it is gone."""
        with _refusals("FETCH"):
            try:
                items = ("BODYSTRUCTURE", "INTERNALDATE", "RFC822.SIZE", _peek("HEADER"))
                answer = self._ask(uid, *items)
                if not answer:
                    return None
                headers = _bytes(answer, "HEADER")
                fetched = parts.from_server(headers, answer[b"BODYSTRUCTURE"])
                if not any(fetched.sizes.values()) and answer[b"RFC822.SIZE"] > len(headers):
                    # Dovecot's answer for parts without a boundary.
                    raise ProtocolError("no part holds what the mail holds")
            except IMAPClientAbortError:
                raise
            except (IMAPClientError, *NO_STRUCTURE) as error:
                logger.warning("a mail is read as a whole: its tree can't be (%s)", error)
                return self._whole(uid)
            self._fill(uid, fetched, answer.get(b"INTERNALDATE"))
            return fetched

    def mark(self, uid: int, *, flagged: bool = False) -> None:
        """Mark a mail as seen, so that it is not read again; optionally flag it for a person."""
        with _refusals("STORE"):
            flags = ["\\Seen", "\\Flagged"] if flagged else ["\\Seen"]
            self._client.add_flags(uid, flags, silent=True)

    def _fill(self, uid: int, fetched: Fetched, received: datetime | None) -> None:
        """Fetch each text; after an hour, leave out what the server refuses."""
        for section, part in fetched.wanted():
            size = HEADER_BYTES if part.get_content_type() in HEADERS else TEXT_BYTES
            items = [_peek(section, size)]
            if part is not fetched.message:
                items.append(_peek(f"{section}.MIME"))
            try:
                answer = self._ask(uid, *items)
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                if received is None or datetime.now(timezone.utc) - received < PATIENCE:
                    raise
                logger.exception("the mail server refuses a part of a mail")
                answer = {}
            source = _bytes(answer, section)
            if source is None:
                fetched.missing.append(part)
            parts.fill(part, _bytes(answer, f"{section}.MIME"), source or b"")

    def _whole(self, uid: int) -> Fetched | None:
        raw = _bytes(self._ask(uid, _peek("", WHOLE_BYTES)), "")
        if raw is None:
            return None
        fetched = parts.whole(raw)
        fetched.is_cut |= len(raw) >= WHOLE_BYTES
        return fetched

    def _ask(self, uid: int, *items: str) -> dict[bytes, Any]:
        return self._client.fetch([uid], items).get(uid, {})


def _peek(section: str, size: int = HEADER_BYTES) -> str:
    return f"BODY.PEEK[{section}]<0.{size}>"


def _bytes(answer: dict[bytes, Any], section: str) -> bytes | None:
    """Return what was asked for by ``_peek``; None if the server has none."""
    name = f"BODY[{section}]".encode()
    return next((answer[key] for key in answer if key.startswith(name)), None)


@contextmanager
def _refusals(command: str) -> Iterator[None]:
    """Raise MailboxError for a command that the server refuses, or answers with nonsense."""
    try:
        yield
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise MailboxError(f"The mail server refused {command}: {error}. {NEXT}") from error


@contextmanager
def opened(way_in: dict[str, Any]) -> Iterator[Mailbox]:
    """Open the mailbox of ``settings.MAIL_WAY_IN``; raise MailboxError."""
    server = f"{way_in['host']}:{way_in['port']}"
    try:
        client = _connect(way_in)
    except (OSError, IMAPClientError) as error:
        raise MailboxError(
            f"{server} can't be reached ({type(error).__name__}: {error}): is that the IMAP"
            f" server, and does it speak {way_in['scheme']}? {NEXT}"
        ) from error
    try:
        _sign_in(client, way_in, server)
        yield Mailbox(client)
    except (OSError, IMAPClientAbortError) as error:
        raise MailboxError(
            f"{server} broke off ({type(error).__name__}: {error}). Nothing is lost: it is asked"
            " again in a minute."
        ) from error
    except IMAPClientError as error:
        raise MailboxError(f"The mail server refused: {error}. {NEXT}") from error
    finally:
        with suppress(OSError, IMAPClientError):
            client.logout()


def _connect(way_in: dict[str, Any]) -> IMAPClient:
    client = IMAPClient(
        way_in["host"],
        way_in["port"],
        ssl=way_in["scheme"] == "imaps",
        ssl_context=ssl.create_default_context(),
        timeout=TIMEOUT,
    )
    # Moments with their time zone.
    client.normalise_times = False
    if way_in["scheme"] == "imap+tls":
        try:
            client.starttls(ssl.create_default_context())
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


def _sign_in(client: IMAPClient, way_in: dict[str, Any], server: str) -> None:
    user, password = way_in["username"], way_in["password"]
    try:
        # AUTHENTICATE takes any letter, LOGIN only ASCII.
        by_plain = client.has_capability("AUTH=PLAIN")
        (client.plain_login if by_plain else client.login)(user, password)
    except IMAPClientAbortError:
        raise
    except (IMAPClientError, UnicodeEncodeError) as error:
        # A letter of the password can't be encoded.
        said = "ASCII only" if isinstance(error, UnicodeEncodeError) else error
        raise MailboxError(
            f"{server} does not take the password of {user} ({said}): many providers want one made"
            f" for programs, and it is percent-encoded in the URL. {NEXT}"
        ) from None
    try:
        client.select_folder(way_in["folder"])
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        said = f"{server} has no folder {way_in['folder']} ({error}). {NEXT}"
        raise MailboxError(said) from error
