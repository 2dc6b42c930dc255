"""Clients that hold all they can: bodies up to just below the limits and then nothing, or a byte
now and then; headers that never end; answers that nobody reads; idle connections.

Who holds most pays, and is told 408; a visitor's GET never does.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from core.request_size import MAX_BODY

from ..production import HOST
from ..site import Site

HEAD = f"Host: {HOST}\r\nX-Forwarded-Proto: https\r\n"
LOGIN = f"POST /accounts/login/ HTTP/1.1\r\n{HEAD}"
SECONDS = 5.0  # for which each kind goes on
# How many connections at once, what is sent on each, and again every quarter of a second.
KINDS: dict[str, tuple[int, bytes, bytes]] = {
    "bodies, then nothing": (
        8,
        f"{LOGIN}Content-Length: {MAX_BODY}\r\n\r\n".encode() + b"x" * (MAX_BODY - 1),
        b"",
    ),
    "bodies, then a byte now and then": (
        8,
        f"{LOGIN}Content-Length: {MAX_BODY}\r\n\r\n".encode() + b"x" * (MAX_BODY - 1000),
        b"x",
    ),
    "small bodies": (200, f"{LOGIN}Content-Length: 100000\r\n\r\n".encode() + b"x" * 99_000, b"x"),
    "headers": (200, f"GET / HTTP/1.1\r\n{HEAD}X: ".encode(), b"x"),
    "answers": (40, f"GET /lettings/ HTTP/1.1\r\n{HEAD}\r\n".encode() * 40, b""),
    "silence": (900, b"", b""),
}


def attack(site: Site) -> None:
    """Hold each kind for some seconds, and ask meanwhile."""
    for kind in KINDS:
        with holding(site, kind) as again:
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                again()
                for path in ("/livez", "/lettings/"):
                    answer = site.ask("GET", path, expect={200})
                    if answer.seconds > 1:
                        site.fail(f"{kind}: {path} took {answer.seconds:.2f} s")
                time.sleep(0.25)
            site.post("/accounts/login/", b"login=a&password=", expect={200, 429})


@contextmanager
def holding(site: Site, kind: str) -> Iterator:
    """Hold the connections of a kind; yield what sends on each of them once more."""
    number, first, more = KINDS[kind]
    with ExitStack() as stack:
        held = []
        for _ in range(number):
            sock = stack.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.settimeout(5)
            with suppress(OSError):  # refused, which is right
                sock.connect(("127.0.0.1", site.production.port))
                sock.sendall(first)
            held.append(sock)

        def again() -> None:
            for sock in held:
                with suppress(OSError):
                    sock.send(more)

        yield again
