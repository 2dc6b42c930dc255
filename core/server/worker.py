"""The gunicorn worker: a request gets a thread only when all of it has arrived.

gunicorn's threads read from the socket themselves, so a slow client for each thread
blocks a worker (https://docs.gunicorn.org/en/stable/deploy.html: "without this buffering Gunicorn
will be easily susceptible to denial-of-service attacks"). Here the loop that already waits for
idle connections also reads requests from slow clients, and sends them their answers.

When memory, connections or threads run out, the client that holds most, compared to what it sent
lately, is disconnected. A request without a body never is: one thread is reserved for these, and
one more for ``/livez``.
"""

from __future__ import annotations

import errno
import signal
import socket
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from .connection import Connection, Refusal
from .client_socket import SEND_PATIENCE, ClientSocket
from .refusals import Refusing, answer

# Limits of one worker, in bytes: large request bodies (over connection.SMALL) until their request
# is answered, and of answers that clients are slow to read.
ALL_LIMIT = 64 * 1024 * 1024
REST_LIMIT = 16 * 1024 * 1024
STOP_PATIENCE = 3.0  # seconds that a stopping worker waits for requests that are still arriving
REFUSAL_PATIENCE = 1.0  # seconds for a client to read why it was refused
YOUNG = 1.0  # seconds for which an arriving request is dropped only after all others


class Worker(Refusing, ThreadWorker):
    """gunicorn's threaded worker, but slow clients use no thread. The proxy terminates TLS."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[Connection, None] = {}  # the oldest first
        self.held = 0  # bytes of large bodies, of requests being answered too
        self.waiting: deque[Connection] = deque()  # complete, with a body: for a thread
        self.at_work: set[Connection] = set()  # requests with a body that have a thread
        self.leaving: dict[Connection, Future] = {}  # answers that clients are slow to read
        self.look_again_at = 0.0
        self.stop_at = 0.0
        self.inherited: SimpleQueue[int] = SimpleQueue()  # gunicorn.conf.py's post_fork sets it

    def init_process(self) -> None:
        """Run the worker, with a separate thread for ``/livez``."""
        self.probes = ThreadPoolExecutor(max_workers=1)
        super().init_process()

    def init_signals(self) -> None:
        """Install the signal handlers, and handle a SIGTERM that came since the fork.

        Before, this process had the master's handler, which puts a signal into a queue that only
        the master reads.
        """
        super().init_signals()
        while not self.inherited.empty():
            if self.inherited.get() == signal.SIGTERM:
                self.handle_exit(signal.SIGTERM, None)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Start or stop accepting connections; when stopping, accept the queue and then close it.

        gunicorn keeps the queue open until the last request has ended, and then drops the
        connections in it. A router that is refused at once tries another machine instead.
        """
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                while self.accept(listener):
                    pass
                listener.close()

    def accept(self, listener: socket.socket) -> bool:
        """Accept a connection, and drop the slowest one if there are too many.

        Return whether there was one to accept.
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
        conn = Connection(self.cfg, ClientSocket(client), address, listener.getsockname())
        self.enqueue_req(conn)
        return True

    def enqueue_req(self, conn: Connection) -> None:
        """Start a request that has arrived completely; otherwise wait for the rest."""
        conn.begin()
        self.arriving[conn] = None
        if conn.arrived:
            self._go_on(conn)
        if conn in self.arriving:
            self._read(conn)
        if conn in self.arriving:
            conn.awaits = True
            self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))

    def _read(self, conn: Connection, *event: object) -> None:
        held = conn.held
        try:
            is_open = conn.receive()
        except BlockingIOError:
            return
        except OSError:
            is_open = False
        self.held += conn.held - held
        if not is_open:
            self._drop(conn)
        elif not conn.refused:
            self._go_on(conn)

    def _go_on(self, conn: Connection) -> None:
        """Start the request if it is complete now, or refuse it."""
        held = conn.held
        try:
            is_complete = conn.is_complete()
            self.held += conn.held - held
            if is_complete:
                self._forget(conn)
                conn.hand_over()
                self._start(conn)
            elif self.held > ALL_LIMIT:
                self._make_room()
        except Refusal as refusal:
            self._refuse(conn, str(refusal))
        except OSError:
            self._drop(conn)

    def _make_room(self) -> None:
        """Refuse the client that holds most memory, compared to what it sent lately."""
        now = time.monotonic()
        self._refuse(
            max(self.arriving, key=lambda conn: conn.held / (1 + conn.brought(now))),
            "408 Request Timeout",
        )

    def _start(self, conn: Connection) -> None:
        """Return a complete request a thread, or queue it."""
        if conn.is_probe:
            self._submit(self.probes, conn)
        elif conn.has_body:
            self.waiting.append(conn)
            self._start_waiting()
        else:
            self._submit(self.tpool, conn)

    def _start_waiting(self) -> None:
        """Start queued requests with a body: never on the last thread; few with large bodies."""
        threads = self.cfg.threads
        for conn in list(self.waiting):
            if len(self.at_work) >= max(1, threads - 1):
                return
            large = sum(bool(each.body) for each in self.at_work)
            if conn.body and large >= max(1, threads // 2):
                continue
            self.waiting.remove(conn)
            self.at_work.add(conn)
            self._submit(self.tpool, conn)

    def _submit(self, pool: ThreadPoolExecutor, conn: Connection) -> None:
        def finish(future: Future) -> None:
            self.method_queue.defer(self.finish_request, conn, future)

        pool.submit(self.handle, conn).add_done_callback(finish)

    def finish_request(self, conn: Connection, fs: Future) -> None:
        """Take a connection back from its thread; first send the rest of its answer."""
        self.held -= conn.held
        conn.drop_body()
        self.at_work.discard(conn)
        self._start_waiting()
        if not conn.sock.rest:
            super().finish_request(conn, fs)
            return
        conn.sock.setblocking(False)
        conn.deadline = time.monotonic() + SEND_PATIENCE
        self.leaving[conn] = fs
        self.poller.register(conn.sock, EVENT_WRITE, partial(self._send, conn))
        while sum(len(each.sock.rest) for each in self.leaving) > REST_LIMIT:
            self._stop_sending(next(iter(self.leaving)))

    def _send(self, conn: Connection, *event: object) -> None:
        try:
            if conn.sock.send_rest():
                conn.deadline = time.monotonic() + SEND_PATIENCE
        except OSError:
            self._stop_sending(conn)
            return
        if not conn.sock.rest:
            self.poller.unregister(conn.sock)
            super().finish_request(conn, self.leaving.pop(conn))

    def _stop_sending(self, conn: Connection) -> None:
        del self.leaving[conn]
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def _refuse(self, conn: Connection, status: str) -> None:
        """Answer with an error, and read on for a moment: a TCP reset would destroy the answer.

        https://www.rfc-editor.org/rfc/rfc9112#section-9.6
        """
        self.held -= conn.held
        conn.drop_body()
        conn.arrived.clear()
        conn.refused = True
        conn.deadline = time.monotonic() + REFUSAL_PATIENCE
        with suppress(OSError):
            conn.sock.send(answer(int(status[:3])))
            conn.sock.shutdown(socket.SHUT_WR)
        self.log.info("Refused a request before it had arrived: %s", status)

    def _forget(self, conn: Connection) -> None:
        del self.arriving[conn]
        if conn.awaits:
            conn.awaits = False
            self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection) -> None:
        self._forget(conn)
        self.held -= conn.held
        self.nr_conns -= 1
        conn.close()

    def _drop_slowest(self) -> None:
        """Drop the slowest connection to make room for a new one.

        Choose among those whose request has been arriving for long; then idle ones; then readers.
        """
        now = time.monotonic()

        def cost(conn: Connection) -> float:
            return (now - conn.begun) / (1 + conn.brought(now))

        slowest = max(self.arriving, key=cost, default=None)
        if slowest and cost(slowest) > YOUNG:
            self._drop(slowest)
        elif self.keepalived_conns:
            self.keepalived_conns[0].timeout = 0
            self.murder_keepalived()
        elif self.leaving:
            self._stop_sending(next(iter(self.leaving)))
        elif slowest:
            self._drop(slowest)

    def murder_pending(self) -> None:
        """Close the connections whose request takes too long to arrive; called at each event."""
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
        for conn in [each for each in self.leaving if each.deadline < now]:
            self._stop_sending(conn)

    def _hurry(self, now: float) -> None:
        """When stopping, wait a little for arriving requests, but close idle connections."""
        self.stop_at = self.stop_at or now + STOP_PATIENCE
        for conn in self.arriving:
            conn.deadline = min(conn.deadline, self.stop_at if conn.arrived else 0.0)
