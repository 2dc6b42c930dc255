"""A connection with the request that arrives on it, before a thread of the worker answers it."""

from __future__ import annotations

import re
import tempfile
import time
from io import BytesIO
from typing import Any

from gunicorn import util
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn

from .client_socket import ClientSocket

READ = 64 * 1024  # bytes at a time
HEAD_LIMIT = 64 * 1024  # bytes of request line and headers
# Requests up to this size stay in memory, and are never refused for want of room: all forms
# without a file are. 400 connections hold 50 MB so at the very most.
SMALL = 128 * 1024  # bytes
BODY_LIMIT = 32 * 1024 * 1024  # bytes; a few large photos on one form, as guard.MAX_BODY says
HEAD_PATIENCE = 20.0  # seconds until the headers are there
BODY_PATIENCE = 120.0  # seconds until the body is, too: a photo over a slow phone
HALF = 2.0  # seconds after which what somebody brought counts by half

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_PROBE = re.compile(rb"(GET|HEAD) /livez[ ?]")


class Refusal(Exception):
    """The status with which a request is refused before it has arrived."""


class Body:
    """What has arrived of a large body: on the disk; in memory where that has no room."""

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
    """gunicorn's, that reads the body that has arrived before it reads from the socket."""

    def __init__(self, sock: ClientSocket, body: Body) -> None:
        super().__init__(sock)
        self._body = body

    def chunk(self, size_hint: int | None = None) -> bytes:
        size = min(size_hint or self.mxchunk, self.max_body_chunk)
        return self._body.read(size) or super().chunk(size_hint)


class Connection(TConn):
    """A connection, with what has arrived of its next request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.arrived = bytearray()
        self.body: Body | None = None  # of a large request, what follows the headers
        self.searched = 0  # bytes in which the headers' end is not
        self.awaited = 0  # bytes of the whole request; 0 until its headers are there
        self.deadline = self.begun = self.last = 0.0
        self.lately = 0.0  # bytes, of which those before ``last`` count by half every HALF
        self.awaits = False  # whether the worker's loop looks out for more of it
        self.refused = False
        self.is_probe = self.has_body = False

    @property
    def size(self) -> int:
        """Return the bytes that have arrived."""
        return len(self.arrived) + self.held

    @property
    def held(self) -> int:
        """Return the bytes for which the worker may want its room back."""
        return self.body.size if self.body else 0

    def brought(self, now: float) -> float:
        """Return the bytes that came lately."""
        return self.lately * 0.5 ** ((now - self.last) / HALF)

    def close(self, graceful: bool = False) -> None:
        """Close at once: what a graceful close waits for has been read already."""
        self.drop_body()
        util.close(self.sock)

    def drop_body(self) -> None:
        """Return the room of a large body back."""
        if self.body:
            self.body.close()
            self.body = None

    def begin(self) -> None:
        """Start with a new request, of which the last read may have brought a part."""
        self.sock.setblocking(False)
        self.drop_body()
        self.arrived = bytearray(self.parser.unreader.take_buffered() if self.parser else b"")
        self.searched = self.awaited = 0
        self.is_probe = self.has_body = False
        self.begun = self.last = time.monotonic()
        self.lately = 0.0
        self.deadline = self.begun + HEAD_PATIENCE

    def receive(self) -> bool:
        """Take what has come; return whether anything did. Raise BlockingIOError if not yet."""
        # Of a large body no byte too many, which would be the next request's.
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
        """Return whether the whole request has arrived; raise Refusal when it may not."""
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
        # gunicorn would believe any number, and int() takes its time over a long one.
        if len(digits) > 18 or (size := int(digits)) > BODY_LIMIT:
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
        """Tell a client that asks for it to send the body now; return the bytes of the asking."""
        asked = _EXPECT.sub(b"", head)
        gone = len(head) - len(asked)
        if gone:
            self.awaited -= gone
            self.arrived[: end - 2] = asked
            self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return gone

    def hand_over(self) -> None:
        """Return what has arrived to gunicorn's parser, which so never waits for the client."""
        self.init()
        if self.body:
            self.body.rewind()
            self.parser.unreader = _Unreader(self.sock, self.body)
        self.parser.unreader.unread(bytes(self.arrived))
        self.arrived = bytearray()
        self.data_ready = True
