"""python -m bench.feed: what the feed costs, with more follows, followers and lettings.

Prints a table for SQLite, and with BENCH_DATABASE_URL for PostgreSQL, and writes it to
bench/results/. Each database is made for it and goes afterwards.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from . import report, run

RUNS = 50
# Hosts, lettings, followers of each of the first ten hosts.
SIZES = {"small": (1_000, 1_000, 1), "large": (10_000, 100_000, 10_000)}
FOLLOWS = (10, 100, 1_000, 10_000)


def fill(hosts: int, lettings: int, followers: int) -> list:
    """Make the rows; return a guest for each number of follows that there are hosts for.

    One host in ten thousand has a tenth of all lettings.
    """
    from django.utils import timezone

    from lettings.tests import feed_data

    everyone = feed_data.make_people("host", hosts)
    now = timezone.now()
    feed_data.make_lettings(everyone, lettings * 9 // 10, now)
    feed_data.make_lettings(everyone[:1], lettings // 10, now - timedelta(days=30))
    feed_data.follow(feed_data.make_people("fan", followers), everyone[:10])
    guests = feed_data.make_people("guest", sum(number <= hosts for number in FOLLOWS))
    for guest, number in zip(guests, FOLLOWS, strict=False):
        feed_data.follow([guest], everyone[:number])
    return guests


def measure(size: str) -> None:
    """In a process of its own: fill the database of DATABASE_URL, print milliseconds a page."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from lettings.browsing import feed
    from lettings.models import Letting

    call_command("migrate", verbosity=0)
    guests = fill(*SIZES[size])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    for guest, number in zip(guests, FOLLOWS, strict=False):
        theirs = Letting.objects.filter(host__followers__follower=guest).newest()
        middle = feed.NEWEST.mark(theirs[theirs.count() // 2])
        took = [milliseconds(partial(feed.page, guest, timezone.now(), at)) for at in ("", middle)]
        print(number, "/".join(f"{each:.1f}" for each in took), flush=True)


def milliseconds(page: Callable[[], tuple[list, str]]) -> float:
    """Return the least that a page takes in RUNS."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        found, _older = page()
        times.append((time.perf_counter() - begun) * 1000)
        assert found
    return min(times)


@contextmanager
def databases(size: str, folder: Path) -> Iterator[dict[str, str]]:
    """Return the URL of an empty database of each kind; PostgreSQL's goes in the end."""
    urls = {"SQLite": f"sqlite:///{folder}/{size}.sqlite3"}
    server, name = os.environ.get("BENCH_DATABASE_URL"), f"oc_lettings_feed_{os.getpid()}_{size}"
    try:
        yield urls | ({"PostgreSQL": run.make(server, name)} if server else {})
    finally:
        if server:
            run.execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def asked(url: str, size: str) -> dict[int, str]:
    """Return the milliseconds for each number of follows."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.feed", size],
        env=os.environ
        | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "oc_lettings_site.settings"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return {int(number): took for number, took in map(str.split, done.stdout.splitlines())}


def main() -> None:
    """Measure, print, and write bench/results/<date>-feed.md."""
    described = ", ".join(f"{name}: {value}" for name, value in report.machine().items())
    lines = [
        f"# The feed, {date.today()}",
        "",
        "Milliseconds for 24 lettings with addresses, pictures and hosts: the newest / those in",
        f"the middle of all that there are. The least of {RUNS} runs: what else the machine does",
        "only adds to it.",
        "Made by `python -m bench.feed`. One host has a tenth of all lettings.",
        f"{described}.",
        "",
        "| database | hosts | lettings | followers of a host | "
        + " | ".join(f"{number:,} followed" for number in FOLLOWS)
        + " |",
        "| --- | --- | --- | --- |" + " --- |" * len(FOLLOWS),
    ]
    with TemporaryDirectory() as folder:
        for size, (hosts, lettings, followers) in SIZES.items():
            with databases(size, Path(folder)) as urls:
                for kind, url in urls.items():
                    took = asked(url, size)
                    cells = " | ".join(
                        took.get(number, "–").replace("/", " / ") for number in FOLLOWS
                    )
                    lines.append(
                        f"| {kind} | {hosts:,} | {lettings:,} | {followers:,} | {cells} |"
                    )
                    print(lines[-1], flush=True)
    (run.RESULTS / f"{date.today()}-feed.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    measure(sys.argv[1]) if len(sys.argv) > 1 else main()
