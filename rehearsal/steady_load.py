"""Steady load on a site, and what its visitors saw: nothing may fail while a release goes on."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Self

import urllib3

PATHS = ("/", "/lettings/", "/version")
THREADS = 4
PAUSE = 0.02  # seconds between a thread's requests
REQUESTS_PER_CONNECTION = 20
WORDS_KEPT = 5


@dataclass
class Seen:
    """What was asked and answered; ``commits`` has each change of /version's with its second."""

    asked: int = 0
    failed: int = 0
    words: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_path: str = ""
    commits: list[tuple[float, str]] = field(default_factory=list)

    def add(self, path: str, seconds: float, failure: str, commit: str, at: float) -> None:
        """Count one request, begun ``at`` seconds after the start; an empty failure is none."""
        self.asked += 1
        if seconds > self.slowest:
            self.slowest, self.slowest_path = seconds, path
        if failure:
            self.failed += 1
            if len(self.words) < WORDS_KEPT:
                self.words.append(f"{path} after {at:.1f} s: {failure}")
        if commit and (not self.commits or self.commits[-1][1] != commit):
            self.commits.append((at, commit))

    def __str__(self) -> str:
        told = f"{self.asked} requests, {self.failed} failed, "
        told += f"slowest {self.slowest * 1000:.0f} ms ({self.slowest_path})"
        changes = " → ".join(f"{commit[:10]} ({at:.0f} s)" for at, commit in self.commits)
        lines = [told, *([f"/version: {changes}"] if changes else []), *self.words]
        return "\n".join(lines)


class Load:
    """Asks pages of a site in the background, while the ``with`` lasts; ``seen`` has the result.

    Each of the threads keeps its connection for a while, as a browser does, and then makes a new
    one. Nothing is tried again: what a visitor would have seen as an error counts as one, and so
    does any status but 200.
    """

    def __init__(self, url: str, paths: tuple[str, ...] = PATHS, threads: int = THREADS) -> None:
        self.url, self.paths, self.seen = url.rstrip("/"), paths, Seen()
        self._lock, self._over, self._began = threading.Lock(), threading.Event(), 0.0
        self._threads = [
            threading.Thread(target=self._visit, args=(number,), daemon=True)
            for number in range(threads)
        ]

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _visit(self, first: int) -> None:
        paths = itertools.islice(itertools.cycle(self.paths), first, None)
        pool = urllib3.PoolManager(maxsize=1, timeout=30, retries=False)
        for number in itertools.count(1):
            self._ask(pool, next(paths))
            if number % REQUESTS_PER_CONNECTION == 0:
                pool.clear()
            if self._over.wait(PAUSE):
                pool.clear()
                return

    def _ask(self, pool: urllib3.PoolManager, path: str) -> None:
        began = time.monotonic()
        failure = commit = ""
        try:
            answer = pool.request("GET", self.url + path)
            if answer.status != 200:
                failure = f"{answer.status} {answer.data[:80].decode(errors='replace')}"
            elif path == "/version":
                commit = answer.json()["commit"]
        except (urllib3.exceptions.HTTPError, ValueError, KeyError) as error:
            failure = f"{type(error).__name__}: {error}"
        seconds = time.monotonic() - began
        with self._lock:
            self.seen.add(path, seconds, failure, commit, began - self._began)
