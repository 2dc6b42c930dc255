"""An app's log, as Logplex keeps it: its newest 1500 lines; and a release process's output."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timezone

KEPT = 1500  # https://devcenter.heroku.com/articles/logging#log-history-limits


class Log:
    """Lines of an app and of the platform; readers can wait for more."""

    def __init__(self) -> None:
        self._lines: deque[tuple[int, str, str, str]] = deque(maxlen=KEPT)
        self._count = 0
        self._changed = threading.Condition()

    def add(self, source: str, dyno: str, text: str) -> None:
        """Add a line; ``source`` is app or heroku, ``dyno`` such as web.1, router or api."""
        stamp = datetime.now(timezone.utc).isoformat(timespec="microseconds")
        with self._changed:
            self._count += 1
            line = f"{stamp} {source}[{dyno}]: {text}"
            self._lines.append((self._count, source, dyno, line))
            self._changed.notify_all()

    def lines(self, dyno: str = "", source: str = "", newest: int = KEPT) -> list[str]:
        """Return the newest lines of a dyno (``web`` means each of that type) and source."""
        with self._changed:
            chosen = [line for _, s, d, line in self._lines if matches(s, d, source, dyno)]
        return chosen[-newest:]

    def follow(self, dyno: str = "", source: str = "", patience: float = 60) -> Iterator[str]:
        """Return lines as they come, until none came for so many seconds."""
        with self._changed:
            seen = self._count
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._count > seen, patience):
                    return
                fresh = [entry for entry in self._lines if entry[0] > seen]
                seen = self._count
            for _, s, d, line in fresh:
                if matches(s, d, source, dyno):
                    yield line


def matches(source: str, dyno: str, wanted_source: str, wanted_dyno: str) -> bool:
    """Return whether a line is of the source and dyno wanted; empty means any."""
    right_dyno = not wanted_dyno or wanted_dyno in (dyno, dyno.split(".")[0])
    return right_dyno and (not wanted_source or source == wanted_source)


class Output:
    """What a release process writes, for readers who come while it writes."""

    def __init__(self) -> None:
        self._text = ""
        self._over = False
        self._changed = threading.Condition()

    def add(self, text: str) -> None:
        """Add text."""
        with self._changed:
            self._text += text
            self._changed.notify_all()

    def close(self) -> None:
        """Say that nothing more will come."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def read(self) -> Iterator[str]:
        """Return all of it from the beginning, as it comes."""
        given = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._over or len(self._text) > given)
                text, over = self._text[given:], self._over
            given += len(text)
            if text:
                yield text
            elif over:
                return
