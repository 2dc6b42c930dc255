"""A slow mail server that keeps all mails, for the tests to read."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Self

from aiosmtpd.controller import Controller

# Long enough that a release meets a mail half sent.
SECONDS_A_MAIL = 0.3
START_SECONDS = 60


class Mailbox:
    """Listens on a free port of this machine while the ``with`` lasts."""

    def __init__(self, seconds_a_mail: float = SECONDS_A_MAIL) -> None:
        self.seconds = seconds_a_mail
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._messages: list[EmailMessage] = []
        self._server = Controller(
            self, hostname="127.0.0.1", port=self.port, ready_timeout=START_SECONDS
        )

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        """Return its EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def arrived(self, subject: str) -> Counter[str]:
        """Return how often each subject arrived that begins so."""
        subjects = (message["Subject"] for message in tuple(self._messages))
        return Counter(each for each in subjects if each.startswith(subject))

    def newest(self, to: str) -> EmailMessage | None:
        """Return the last mail to an address, if there was one."""
        for message in reversed(tuple(self._messages)):
            if message["To"] == to:
                return message
        return None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail, slowly, as servers that look for spam do."""
        await asyncio.sleep(self.seconds)
        self._messages.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"
