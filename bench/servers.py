"""The servers that are compared, each with the site's own gunicorn.conf.py, and their data."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server

import psutil

ROOT = Path(__file__).resolve().parent.parent
HOP_BY_HOP = {"server", "date", "connection", "transfer-encoding"}
SITE = "oc_lettings_site.wsgi"


class Server:
    """A gunicorn that runs."""

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process, self.port = process, port

    def url(self, path: str) -> str:
        """Return the address of a page."""
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self, path: str, encoding: str = "") -> dict[str, object]:
        """Return status, headers and body of a page; raises RuntimeError unless it is a 200."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Accept-Encoding": encoding})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{path} on port {self.port}: {response.status}")
        headers = [each for each in response.getheaders() if each[0].lower() not in HOP_BY_HOP]
        return {"status": "200 OK", "headers": headers, "body": body.hex()}

    def memory(self) -> int:
        """Return the bytes of memory that the workers hold."""
        workers = psutil.Process(self.process.pid).children()
        return sum(worker.memory_info().rss for worker in workers)


def variables(database: str) -> dict[str, str]:
    """Return the environment of production, on this machine alone."""
    return {
        **os.environ,
        "ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database,
        "WEB_CONCURRENCY": "2",
        "WEB_THREADS": "4",
    }


def manage(database: str, *arguments: str) -> None:
    """Run a management command."""
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(
        command, cwd=ROOT, env=variables(database), check=True, stdout=subprocess.DEVNULL
    )


def fill(database: str, lettings: int) -> None:
    """Make the tables, and load the sample up to that many lettings."""
    manage(database, "migrate", "--verbosity=0")
    manage(database, "load_sample", "--lettings", str(lettings - 6))


@contextmanager
def serving(application: str, database: str, log: Path, **extra: str) -> Iterator[Server]:
    """Serve an application until the block ends; its log lines go to a file."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**variables(database), "PORT": str(port), **extra}
    command = [sys.executable, "-m", "gunicorn", application]
    with log.open("wb") as lines:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=lines)
    try:
        _wait_for(port, process, log)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(port: int, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/livez")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"gunicorn did not start:\n{log.read_text()[-3000:]}")


@contextmanager
def all_of_them(database: str, folder: Path, page: str) -> Iterator[Mapping[str, Server]]:
    """Serve the site with and without its page cache, the reference, and bare gunicorn.

    Bare gunicorn answers with the very bytes and headers of the cached ``page``.
    """
    with ExitStack() as stack:

        def start(name: str, application: str, **extra: str) -> Server:
            log = folder / f"{name}.log"
            return stack.enter_context(serving(application, database, log, **extra))

        servers = {
            "cached": start("cached", SITE, PAGE_CACHE_MB="32"),
            "uncached": start("uncached", SITE, PAGE_CACHE_MB="0"),
            "reference": start("reference", "bench.reference.wsgi"),
        }
        bytes_of_page = folder / "page.json"
        bytes_of_page.write_text(json.dumps(servers["cached"].page(page, "br")))
        servers["bare"] = start("bare", "bench.bare_response", BENCH_PAGE=str(bytes_of_page))
        yield servers
