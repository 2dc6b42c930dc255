"""Run the attacks against each start of the site, and print the results."""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from . import attacks
from .production import ROOT, Production
from .site import Site
from .tally import Tally

WARM = 3.0  # seconds; a worker's first pages take longer
PATIENCE = 1.0  # seconds in which a visitor must have an answer, whatever is going on
Attack = Callable[[Site], None]


def find(names: Collection[str] = ()) -> dict[str, Attack]:
    """Return the attacks of those names, or all; raise SystemExit if there is none of a name."""
    found = sorted(module.name for module in pkgutil.iter_modules(attacks.__path__))
    if unknown := set(names) - set(found):
        sys.exit(f"hostile: no attack {', '.join(sorted(unknown))}; there are: {', '.join(found)}")
    return {
        name: importlib.import_module(f"{attacks.__name__}.{name}").attack
        for name in found
        if not names or name in names
    }


class Visitor:
    """The visitor in a process of its own; see visitor.py."""

    def __init__(self, port: int, answers: Path) -> None:
        self.answers = answers
        with answers.open("wb") as lines:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tools.hostile.visitor", str(port)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=lines,
            )

    def since(self, moment: float) -> list[tuple[float, int]]:
        """Return (seconds, status) of what was asked after a moment, once one more has come."""
        now = time.monotonic()
        deadline = now + 70
        while time.monotonic() < deadline:
            rows = [line.split() for line in self.answers.read_text().splitlines(keepends=True)]
            asked = [(float(row[0]), float(row[1]), int(row[2])) for row in rows if len(row) == 3]
            if asked and asked[-1][0] > now:
                return [(seconds, status) for began, seconds, status in asked if began >= moment]
            time.sleep(0.05)
        return [(deadline - now, 0)]

    def stop(self) -> None:
        """End it."""
        self.process.communicate()


def run_one(name: str, attack: Attack, production: Production, process, visitor: Visitor) -> bool:
    """Run an attack and print its line; return whether the site withstood."""
    tally = Tally()
    began = time.monotonic()
    try:
        attack(Site(production, process, tally))
    except Exception:
        tally.fail(traceback.format_exc())
    answers = visitor.since(began)
    slowest = max(seconds for seconds, _ in answers)
    refused = [status for _, status in answers if status != 200]
    if slowest > PATIENCE:
        tally.fail(f"a visitor waited {slowest:.2f} s; {PATIENCE:g} s is the most")
    if refused:
        tally.fail(f"a visitor met {sorted(set(refused))}, {len(refused)} times")
    print(
        f"  {name:<16} {tally.requests:>6} requests, {tally.server_errors} of 5xx,"
        f" {tally.raw} raw, {tally.unanswered} unanswered; a visitor's slowest answer:"
        f" {slowest:.2f} s [{time.monotonic() - began:.0f} s]",
        flush=True,
    )
    for words in tally.examples:
        print(f"    {words}")
    if tally.failures > len(tally.examples):
        print(f"    … and {tally.failures - len(tally.examples)} more")
    return not tally.failures


def run_all(chosen: dict[str, Attack], **variables: str) -> bool:
    """Run the attacks against one start of the site; return whether it withstood all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        variables.setdefault("DATABASE_URL", f"sqlite:///{folder}/db.sqlite3")
        production = Production(folder, **variables)
        production.prepare()
        with production.serving() as process:
            visitor = Visitor(production.port, Path(name) / "visitor")
            try:
                time.sleep(WARM)
                visitor.since(0)
                return all(
                    [run_one(*each, production, process, visitor) for each in chosen.items()]
                )
            finally:
                visitor.stop()


@contextmanager
def database(server: str) -> Iterator[str]:
    """Make a database on a server of PostgreSQL; yield its URL, and drop it in the end."""
    name = f"oc_lettings_hostile_{os.getpid()}"
    _execute(server, "CREATE DATABASE {}", name)
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _execute(server: str, statement: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def main(names: Collection[str]) -> int:
    """Run the attacks of those names, or all, on every database there is; return an exit code."""
    # What was started is ended then, too.
    signal.signal(signal.SIGTERM, lambda *received: sys.exit(143))
    chosen = find(names)
    print("hostile: SQLite, without Redis", flush=True)
    withstood = [run_all(chosen)]
    server, redis = os.environ.get("HOSTILE_POSTGRES_URL"), os.environ.get("TEST_REDIS_URL")
    if server and redis:
        print("hostile: PostgreSQL, with Redis", flush=True)
        with database(server) as url:
            withstood.append(run_all(chosen, DATABASE_URL=url, REDIS_URL=redis))
    else:
        print("hostile: for PostgreSQL with Redis too, name servers where databases may be made:")
        print(
            "hostile: HOSTILE_POSTGRES_URL=postgres://user@host/name TEST_REDIS_URL=redis://host/0"
        )
    print(
        "hostile: the site withstood" if all(withstood) else "hostile: the site did NOT withstand"
    )
    return 0 if all(withstood) else 1
