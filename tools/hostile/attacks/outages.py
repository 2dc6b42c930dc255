"""A database that is away for some seconds, as when it is restarted or fails over.

Pages that are kept are served on, `/livez` answers, the others say 503 with what was typed; and
when the database is back, so are they.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ..site import Site

SECONDS = 6.0  # for which it is away
BACK = 6.0  # seconds within which it must be used again
TYPED = "somebody@example.org"


def attack(site: Site) -> None:
    """Take the database away under requests, and look at what they are answered."""
    numbers = count(1)
    with away(site.production.environment["DATABASE_URL"]), ExitStack() as stack:
        askers: list[Callable[[], None]] = [
            lambda: _soon(site, "/livez"),
            lambda: _page(site, f"/profiles/?page={next(numbers)}"),
            lambda: _page(site, f"/lettings/?page={next(numbers)}"),
            lambda: _form(site),
            lambda: _api(site, f"/api/v1/lettings?sleeps={next(numbers)}"),
        ]
        for asker in askers * 2:
            stack.enter_context(asking(asker))
        time.sleep(SECONDS)
    end = time.monotonic() + BACK
    while site.ask("GET", f"/profiles/?page={next(numbers)}", expect={200, 503}).status == 503:
        if time.monotonic() > end:
            site.fail(f"the database is back for {BACK:g} s, and not used")
            return
        time.sleep(0.2)


@contextmanager
def away(url: str) -> Iterator[None]:
    """Take the database at a URL away: PostgreSQL lets nobody in, SQLite's file is elsewhere."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        file = Path(parts.path[1:] if parts.path.startswith("//") else parts.path)
        elsewhere = file.rename(f"{file}.away")
        file.mkdir()
        try:
            yield
        finally:
            file.rmdir()
            elsewhere.rename(file)
        return
    name = sql.Identifier(parts.path[1:])
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        try:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [parts.path[1:]],
            )
            yield
        finally:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


@contextmanager
def asking(ask: Callable[[], None]) -> Iterator[None]:
    """Ask again and again in a thread, while the block runs."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(0.2):
            ask()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _soon(site: Site, path: str) -> None:
    answer = site.ask("GET", path, expect={200})
    if answer.seconds > 1:
        site.fail(f"{path} took {answer.seconds:.2f} s")


def _page(site: Site, path: str) -> None:
    answer = site.ask("GET", path, expect={200, 503})
    if answer.status == 503 and not answer.headers["Retry-After"]:
        site.fail(f"{path}: 503 without Retry-After")


def _form(site: Site) -> None:
    answer = site.post(
        "/accounts/password/reset/", f"email={TYPED}".encode(), expect={302, 429, 503}
    )
    if answer.status == 503 and not re.search(f'value="{TYPED}"', answer.body.decode()):
        site.fail("503 without what was typed")


def _api(site: Site, path: str) -> None:
    answer = site.ask("GET", path, expect={200, 503})
    if answer.headers.get_content_type() not in ("application/json", "application/problem+json"):
        site.fail(f"{path}: {answer.headers.get_content_type()}")
