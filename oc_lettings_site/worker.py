"""The server's worker: a request gets a thread when all of it has arrived, and not before.

gunicorn's threads read from the socket themselves, so as many slow clients as there are threads
stop a worker (https://docs.gunicorn.org/en/stable/deploy.html: "without this buffering Gunicorn
will be easily susceptible to denial-of-service attacks"). Here the loop that already waits for
idle connections waits for slow ones too. Answers go into a send buffer that is larger than our
pages, so a client that reads slowly keeps the kernel busy, and no thread.
"""

from __future__ import annotations

import errno
import re
import signal
import socket
import struct
import time
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from selectors import EVENT_READ
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

READ = 64 * 1024  # bytes at a time
HEAD_LIMIT = 64 * 1024  # bytes of request line and headers
BODY_LIMIT = 32 * 1024 * 1024  # bytes; a few large photos on one form, as guard.MAX_BODY says
ALL_LIMIT = 64 * 1024 * 1024  # bytes of all requests that are arriving at this worker
HEAD_PATIENCE = 20.0  # seconds until the headers are there
BODY_PATIENCE = 120.0  # seconds until the body is, too: a photo over a slow phone
STOP_PATIENCE = 3.0  # seconds that a stopping worker waits for requests that are on their way
REFUSAL_PATIENCE = 1.0  # seconds for a client to read why it was refused
SEND_BUFFER = 512 * 1024  # bytes; Linux gives at most net.core.wmem_max, 208 KiB by default
SEND_PATIENCE = 20  # seconds without a byte read by the client, for what is larger than that

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)


class Refusal(Exception):
    """The status with which a request is refused before it has arrived."""


class Connection(TConn):
    """A connection, with what has arrived of its next request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.arrived = bytearray()
        self.searched = 0  # bytes in which the headers' end is not
        self.awaited = 0  # bytes of the whole request; 0 until its headers are there
        self.deadline = 0.0
        self.awaits = False  # whether the worker's loop looks out for more of it
        self.refused = False

    def close(self, graceful: bool = False) -> None:
        """Close at once: what a graceful close waits for has been read already."""
        util.close(self.sock)

    def begin(self) -> None:
        """Start with a new request, of which the last read may have brought a part."""
        self.sock.setblocking(False)
        self.arrived = bytearray(self.parser.unreader.take_buffered() if self.parser else b"")
        self.searched = self.awaited = 0
        self.deadline = time.monotonic() + HEAD_PATIENCE

    def is_complete(self) -> bool:
        """Tell whether the whole request has arrived; raises Refusal when it may not."""
        if not self.awaited:
            end = self.arrived.find(b"\r\n\r\n", self.searched) + 4
            if end < 4:
                if len(self.arrived) > HEAD_LIMIT:
                    raise Refusal("431 Request Header Fields Too Large")
                self.searched = max(0, len(self.arrived) - 3)
                return False
            self._measure(end)
        return len(self.arrived) >= self.awaited

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
        if len(self.arrived) < self.awaited:
            self.deadline += BODY_PATIENCE
            self._invite(head, end)

    def _invite(self, head: bytes, end: int) -> None:
        """Tell a client that asks for it to send the body now, since we wait for that."""
        asked = _EXPECT.sub(b"", head)
        if asked != head:
            self.awaited -= len(head) - len(asked)
            self.arrived[: end - 2] = asked
            self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def hand_over(self) -> None:
        """Give what has arrived to gunicorn's parser, which so never waits for the client."""
        self.init()
        self.parser.unreader.unread(bytes(self.arrived))
        self.arrived = bytearray()
        self.data_ready = True


class Worker(ThreadWorker):
    """gunicorn's threaded worker, patient with slow clients. TLS ends at the proxy before it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[Connection, None] = {}  # the oldest first
        self.held = 0  # bytes of their requests
        self.look_again_at = 0.0
        self.stop_at = 0.0
        self.inherited: SimpleQueue[int] = SimpleQueue()  # gunicorn.conf.py's post_fork sets it

    def init_signals(self) -> None:
        """Handle signals from now on, and a SIGTERM that came since the fork, too.

        Until here the master's handler was at work in this process: it puts a signal into the
        queue of the main loop, which this process will never read.
        """
        super().init_signals()
        while not self.inherited.empty():
            if self.inherited.get() == signal.SIGTERM:
                self.handle_exit(signal.SIGTERM, None)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections or not; when stopping, take what queues and let no more queue up.

        gunicorn's own keeps the queue open until the last request has ended, and then drops who
        is in it; a router that is refused goes to another machine instead.
        """
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                while self.accept(listener):
                    pass
                listener.close()

    def accept(self, listener: socket.socket) -> bool:
        """Accept a connection, at the expense of the slowest one when there are too many.

        Tells whether there was one.
        """
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._drop_slowest()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return False
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._drop_slowest()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        timeval = struct.pack("ll", SEND_PATIENCE, 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)
        self.enqueue_req(Connection(self.cfg, client, address, listener.getsockname()))
        return True

    def enqueue_req(self, conn: Connection) -> None:
        """Give the request a thread if all of it is there; else wait for the rest."""
        conn.begin()
        self.arriving[conn] = None
        self.held += len(conn.arrived)
        if conn.arrived:
            self._go_on(conn)
        if conn in self.arriving:
            self._read(conn)
        if conn in self.arriving:
            conn.awaits = True
            self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))

    def _read(self, conn: Connection, *event: object) -> None:
        try:
            data = conn.sock.recv(READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
        elif not conn.refused:
            conn.arrived += data
            self.held += len(data)
            self._go_on(conn)

    def _go_on(self, conn: Connection) -> None:
        """Hand the request over if that was the rest of it, or refuse it."""
        try:
            if self.held > ALL_LIMIT:
                raise Refusal("503 Service Unavailable")
            if conn.is_complete():
                self._forget(conn)
                conn.hand_over()
                super().enqueue_req(conn)
        except Refusal as refusal:
            self._refuse(conn, str(refusal))
        except OSError:
            self._drop(conn)

    def _refuse(self, conn: Connection, status: str) -> None:
        """Answer, and read on for a moment: a reset would take the answer with it.

        https://www.rfc-editor.org/rfc/rfc9112#section-9.6
        """
        self.held -= len(conn.arrived)
        conn.arrived.clear()
        conn.refused = True
        conn.deadline = time.monotonic() + REFUSAL_PATIENCE
        body = f"{status}\n"
        head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/plain\r\n"
        with suppress(OSError):
            conn.sock.send(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            conn.sock.shutdown(socket.SHUT_WR)
        self.log.info("Refused a request before it had arrived: %s", status)

    def _forget(self, conn: Connection) -> None:
        del self.arriving[conn]
        self.held -= len(conn.arrived)
        if conn.awaits:
            conn.awaits = False
            self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def _drop_slowest(self) -> None:
        if self.arriving:
            self._drop(next(iter(self.arriving)))
        elif self.keepalived_conns:
            self.keepalived_conns[0].timeout = 0
            self.murder_keepalived()

    def murder_pending(self) -> None:
        """End the connections whose request takes too long to arrive; called once an event."""
        now = time.monotonic()
        if not self.alive:
            self._hurry(now)
        elif now < self.look_again_at:
            return
        self.look_again_at = now + 0.5
        for conn in [each for each in self.arriving if each.deadline < now]:
            if conn.refused or not conn.arrived:
                self._drop(conn)
            else:
                self._refuse(conn, "408 Request Timeout")

    def _hurry(self, now: float) -> None:
        """A stopping worker waits a little for what is on its way, and not for silence."""
        self.stop_at = self.stop_at or now + STOP_PATIENCE
        for conn in self.arriving:
            conn.deadline = min(conn.deadline, self.stop_at if conn.arrived else 0.0)
