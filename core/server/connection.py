"""Read a connection's next request completely, before a thread of the worker answers it."""

from __future__ import annotations

import re
import tempfile
import time
from io import BytesIO
from typing import Any

from gunicorn import util
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn

from ..request_size import MAX_BODY
from .client_socket import ClientSocket

READ = 64 * 1024  # bytes at a time
HEAD_LIMIT = 64 * 1024  # bytes of request line and headers
# Requests up to this size stay in memory and are never refused for lack of memory: that is every
# form without a file. 400 connections hold at most 50 MB that way.
SMALL = 128 * 1024  # bytes
HEAD_PATIENCE = 20.0  # seconds to receive the headers
BODY_PATIENCE = 120.0  # seconds to receive the body: a photo from a slow phone
HALF = 2.0  # seconds after which received bytes count half

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_PROBE = re.compile(rb"(GET|HEAD) /livez[ ?]")


class Refusal(Exception):
    """Raised to refuse a request before it has arrived; ``args[0]`` is the status."""


class Body:
    """The received part of a large body: on disk, or in memory if the disk is full."""

    def __init__(self) -> None:
        self.size = 0
        try:
            self._file: Any = tempfile.TemporaryFile(buffering=0)
        except OSError:
            self._file = BytesIO()

    def write(self, data: bytes) -> None:
        try:
            if self._file.write(data) != len(data):
                raise OSError("the disk is full")
        except OSError:
            self._file.seek(0)
            memory = BytesIO(self._file.read(self.size))
            memory.seek(self.size)
            memory.write(data)
            self._file.close()
            self._file = memory
        self.size += len(data)

    def rewind(self) -> None:
        self._file.seek(0)

    def read(self, size: int) -> bytes:
        return self._file.read(size)

    def close(self) -> None:
        self._file.close()


class _Unreader(SocketUnreader):
    """gunicorn's reader, which first reads the stored body and then the socket."""

    def __init__(self, sock: ClientSocket, body: Body) -> None:
        super().__init__(sock)
        self._body = body

    def chunk(self, size_hint: int | None = None) -> bytes:
        size = min(size_hint or self.mxchunk, self.max_body_chunk)
        return self._body.read(size) or super().chunk(size_hint)


class Connection(TConn):
    """A connection, with the received part of its next request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.arrived = bytearray()
        self.body: Body | None = None  # the body of a large request
        self.searched = 0  # bytes already searched for the end of the headers
        self.awaited = 0  # bytes of the whole request; 0 until the headers are complete
        self.deadline = self.begun = self.last = 0.0
        self.lately = 0.0  # bytes; the count is halved every HALF seconds
        self.awaits = False  # whether the worker's loop waits for more of it
        self.refused = False
        self.is_probe = self.has_body = False

    @property
    def size(self) -> int:
        """Return the number of received bytes."""
        return len(self.arrived) + self.held

    @property
    def held(self) -> int:
        """Return the number of bytes that the worker could free."""
        return self.body.size if self.body else 0

    def brought(self, now: float) -> float:
        """Return the number of recently received bytes."""
        return self.lately * 0.5 ** ((now - self.last) / HALF)

    def close(self, graceful: bool = False) -> None:
        """Close at once: a graceful close would wait for data that has been read already."""
        self.drop_body()
        util.close(self.sock)

    def drop_body(self) -> None:
        """Free the memory or disk space of a large body."""
        if self.body:
            self.body.close()
            self.body = None

    def begin(self) -> None:
        """Start a new request; the last read may already contain a part of it."""
        self.sock.setblocking(False)
        self.drop_body()
        self.arrived = bytearray(self.parser.unreader.take_buffered() if self.parser else b"")
        self.searched = self.awaited = 0
        self.is_probe = self.has_body = False
        self.begun = self.last = time.monotonic()
        self.lately = 0.0
        self.deadline = self.begun + HEAD_PATIENCE

    def receive(self) -> bool:
        """Receive data; return False at the end. Raise BlockingIOError if there is none yet."""
        # Read no byte after a large body: it would belong to the next request.
        data = self.sock.recv(min(READ, self.awaited - self.size) if self.body else READ)
        now = time.monotonic()
        self.lately, self.last = self.brought(now) + len(data), now
        if self.refused:
            return bool(data)
        if self.body:
            self.body.write(data)
        else:
            self.arrived += data
        return bool(data)

    def is_complete(self) -> bool:
        """Return whether the whole request has arrived; raise Refusal for a bad one."""
        if not self.awaited:
            end = self.arrived.find(b"\r\n\r\n", self.searched) + 4
            if end < 4:
                if len(self.arrived) > HEAD_LIMIT:
                    raise Refusal("431 Request Header Fields Too Large")
                self.searched = max(0, len(self.arrived) - 3)
                return False
            self._measure(end)
        return self.size >= self.awaited

    def _measure(self, end: int) -> None:
        head = bytes(self.arrived[: end - 2])
        if _CHUNKED.search(head):
            raise Refusal("411 Length Required")
        length = _LENGTH.search(head)
        digits = (length[1].lstrip(b"0") if length else b"") or b"0"
        # gunicorn accepts any number, and int() is slow for a long one.
        if len(digits) > 18 or (size := int(digits)) > MAX_BODY:
            raise Refusal("413 Content Too Large")
        self.awaited = end + size
        self.is_probe, self.has_body = bool(_PROBE.match(head)), size > 0
        if len(self.arrived) < self.awaited:
            self.deadline += BODY_PATIENCE
            end -= self._invite(head, end)
            if self.awaited > SMALL:
                self.body = Body()
                self.body.write(bytes(self.arrived[end:]))
                del self.arrived[end:]

    def _invite(self, head: bytes, end: int) -> int:
        """Send 100 Continue to a client that expects it; return the length of its Expect line."""
        asked = _EXPECT.sub(b"", head)
        gone = len(head) - len(asked)
        if gone:
            self.awaited -= gone
            self.arrived[: end - 2] = asked
            self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return gone

    def hand_over(self) -> None:
        """Pass the received request to gunicorn's parser, which never waits for the client."""
        self.init()
        if self.body:
            self.body.rewind()
            self.parser.unreader = _Unreader(self.sock, self.body)
        self.parser.unreader.unread(bytes(self.arrived))
        self.arrived = bytearray()
        self.data_ready = True
