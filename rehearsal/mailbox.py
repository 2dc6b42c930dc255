"""A mail server that keeps what it gets, and takes its time over it: where the mail ends."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from email import message_from_bytes
from typing import Any, Self

from aiosmtpd.controller import Controller

# Long enough that a release meets a mail half sent.
SECONDS_A_MAIL = 0.3


class Mailbox:
    """Listens on a free port of this machine while the ``with`` lasts."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._arrived: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        """Give its EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def arrived(self, subject: str) -> Counter[str]:
        """Give how often each subject arrived that begins so."""
        with self._lock:
            return Counter({s: n for s, n in self._arrived.items() if s.startswith(subject)})

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail, slowly, as servers that look for spam do."""
        await asyncio.sleep(SECONDS_A_MAIL)
        with self._lock:
            self._arrived[str(message_from_bytes(envelope.content)["Subject"])] += 1
        return "250 OK"
