"""A client's socket: what the client does not take at once is kept, and no thread waits for it."""

from __future__ import annotations

import socket
import struct
from typing import Any

KEPT = 1024 * 1024  # bytes of one answer: more than any page, static file or picture of ours
SEND_BUFFER = 512 * 1024  # bytes; Linux gives at most net.core.wmem_max, 208 KiB by default
SEND_PATIENCE = 20  # seconds without a byte read by the client


class ClientSocket(socket.socket):
    """Keeps what it can't send in ``rest``, for the worker's loop to send.

    An answer of which more than KEPT would be left (an archive of all of one's data) is sent by
    the thread that made it, as by any socket.
    """

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.rest = bytearray()
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        timeval = struct.pack("ll", SEND_PATIENCE, 0)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Send what the client takes now, and keep what it does not."""
        left = memoryview(data)
        if not self.rest:
            left = left[self._send(left) :]
        if len(self.rest) + len(left) <= KEPT:
            self.rest += left
            return
        rest, self.rest = self.rest, bytearray()
        super().sendall(rest)
        super().sendall(left)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Send a file; keep what the client does not take of one that is small enough."""
        if count is None or count > KEPT:
            rest, self.rest = self.rest, bytearray()
            super().sendall(rest)
            return super().sendfile(file, offset, count)
        file.seek(offset)
        self.sendall(file.read(count))
        return count

    def send_rest(self) -> bool:
        """Send of what was kept what the client takes now; return whether that was any."""
        sent = self._send(memoryview(self.rest))
        del self.rest[:sent]
        return bool(sent)

    def _send(self, data: memoryview) -> int:
        sent = 0
        while sent < len(data):
            try:
                sent += self.send(data[sent:], socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
        return sent
