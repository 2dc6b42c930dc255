"""A client's socket that buffers what the client does not read at once, so no thread waits."""

from __future__ import annotations

import socket
import struct
from typing import Any

KEPT = 1024 * 1024  # bytes of one answer: more than any of our pages, static files or pictures
SEND_BUFFER = 512 * 1024  # bytes; Linux gives at most net.core.wmem_max, 208 KiB by default
SEND_PATIENCE = 20  # seconds in which the client reads no byte


class ClientSocket(socket.socket):
    """Buffer unsent bytes in ``rest``; the worker's loop sends them.

    If more than KEPT bytes would be left (an archive of someone's data), the thread itself
    sends the answer, as with any socket.
    """

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.rest = bytearray()
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        timeval = struct.pack("ll", SEND_PATIENCE, 0)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Send what the client reads now, and buffer the rest."""
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
        """Send a file; buffer the unsent rest if it is small enough."""
        if count is None or count > KEPT:
            rest, self.rest = self.rest, bytearray()
            super().sendall(rest)
            return super().sendfile(file, offset, count)
        file.seek(offset)
        self.sendall(file.read(count))
        return count

    def send_rest(self) -> bool:
        """Send buffered bytes; return whether the client read any."""
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
