"""make bench: our pages side by side with bare gunicorn and with a plain Django site.

Every target is measured in each of several rounds, in turn, so that whatever else this machine
does meets all of them; what counts is the best round of each, as a ratio.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from . import load, report, servers

ROUNDS = 9
SECONDS = 1
SIZES = (24, 100_000)
MEMORY_REQUESTS = 100_000
INDEX, LETTING, API = "/lettings/", "/lettings/1/", "/api/v1/lettings"
RESULTS = Path(__file__).resolve().parent / "results"

Samples = dict[str, list[load.Sample]]


def targets(running: Mapping[str, servers.Server]) -> dict[str, tuple[str, str]]:
    """Return what is measured: for each name a URL and an Accept-Encoding."""
    page = bytes.fromhex(str(running["cached"].page(INDEX)["body"])).decode()
    style = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
    return {
        "bare gunicorn": (running["bare"].url(INDEX), "br"),
        "index, cached": (running["cached"].url(INDEX), "br"),
        "index, uncached": (running["uncached"].url(INDEX), "br"),
        "index, plain Django": (running["reference"].url(INDEX), "br"),
        "API list, cached": (running["cached"].url(API), "br"),
        "letting, cached": (running["cached"].url(LETTING), "br"),
        "letting, uncached": (running["uncached"].url(LETTING), "br"),
        "letting, plain Django": (running["reference"].url(LETTING), "br"),
        "static file": (running["cached"].url(style), "br"),
    }


def compare(database: str, folder: Path) -> Samples:
    """Measure every target over one database."""
    samples: Samples = defaultdict(list)
    with servers.all_of_them(database, folder, INDEX) as running:
        asked = targets(running)
        for url, encoding in asked.values():
            load.measure(url, 1, encoding)  # warm up
        for _ in range(ROUNDS):
            for name, (url, encoding) in asked.items():
                samples[name].append(load.measure(url, SECONDS, encoding))
    return samples


def memory(database: str, folder: Path) -> dict[str, float]:
    """Ask for 100,000 cached pages; return the workers' megabytes after 10,000 and at the end."""
    log = folder / "memory.log"
    with servers.serving(servers.SITE, database, log, PAGE_CACHE_MB="32") as server:
        asked, after = 0, {}
        while asked < MEMORY_REQUESTS:
            asked += round(load.measure(server.url(INDEX), SECONDS, "br").rate * SECONDS)
            if asked >= 10_000:
                after.setdefault("at 10,000", server.memory() / 1e6)
        return {**after, f"at {asked:,}": server.memory() / 1e6}


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, dict[int, str]]]:
    """Return the URL of a filled database of each kind and size; PostgreSQL's go in the end."""
    filled = {"SQLite": {size: f"sqlite:///{folder}/{size}.sqlite3" for size in SIZES}}
    server = os.environ.get("BENCH_DATABASE_URL")
    names = [f"oc_lettings_bench_{os.getpid()}_{size}" for size in SIZES] if server else []
    try:
        if server:
            urls = [make(server, name) for name in names]
            filled["PostgreSQL"] = dict(zip(SIZES, urls, strict=True))
        else:
            print("bench: SQLite alone; for PostgreSQL too, name a server where databases may be")
            print("bench: made: BENCH_DATABASE_URL=postgres://user:password@host/name make bench")
        for urls_by_size in filled.values():
            for size, url in urls_by_size.items():
                print(f"bench: loading {size:,} lettings into {url.partition(':')[0]}", flush=True)
                servers.fill(url, size)
        yield filled
    finally:
        for name in names:
            execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def make(server: str, name: str) -> str:
    """Make a database on a server; return its URL."""
    execute(server, "CREATE DATABASE {}", name)
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def execute(server: str, statement: str, name: str) -> None:
    """Run a statement about the database of that name."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def main() -> None:
    """Measure, and write bench/results/<date>-<machine>.md and .json."""
    load.find_wrk()
    with TemporaryDirectory() as name:
        folder = Path(name)
        measured, database = {}, f"sqlite:///{folder}/24.sqlite3"
        with databases(folder) as filled:
            servers.manage(database, "collectstatic", "--noinput", "--verbosity=0")
            for kind, urls in filled.items():
                for size, url in urls.items():
                    print(f"bench: {kind}, {size:,} lettings", flush=True)
                    measured[f"{kind}, {size:,} lettings"] = compare(url, folder)
            print("bench: memory", flush=True)
            used = memory(database, folder)
    write(measured, used)


def write(measured: dict[str, Samples], used: dict[str, float]) -> None:
    """Write the report, and print it."""
    scenarios = {
        scenario: {name: report.best(samples) for name, samples in each.items()}
        for scenario, each in measured.items()
    }
    machine = report.machine()
    text = report.render(scenarios, used, machine, ROUNDS, SECONDS)
    stem = RESULTS / f"{date.today()}-{report.slug(machine)}"
    RESULTS.mkdir(exist_ok=True)
    stem.with_suffix(".md").write_text(text)
    raw = {
        scenario: {name: [vars(sample) for sample in samples] for name, samples in each.items()}
        for scenario, each in measured.items()
    }
    content = {"machine": machine, "memory": used, "samples": raw}
    stem.with_suffix(".json").write_text(json.dumps(content, indent=1) + "\n")
    print(text)
    print(f"bench: written to {stem.relative_to(Path.cwd())}.md")


if __name__ == "__main__":
    main()
