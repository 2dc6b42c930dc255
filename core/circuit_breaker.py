"""The circuit breaker: a server that did not answer is left alone for a while.

Each attempt waits for a time-out. Without the breaker all threads would wait, and nobody would
serve even cached pages. https://martinfowler.com/bliki/CircuitBreaker.html

The library pybreaker holds one lock during every call, so that threads would ask one after the
other: https://github.com/danielfm/pybreaker/blob/v1.4.1/pybreaker/__init__.py#L219
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class CircuitBreaker:
    """Decides who may ask a server, for all threads of this process.

    pause: seconds after a failure for which nobody asks;
    trial: seconds that the attempt after the pause may take, while nobody else asks.
    """

    def __init__(self, pause: float, trial: float | None = None) -> None:
        self.pause = pause
        self.trial = pause if trial is None else trial
        self._lock = threading.Lock()
        self._until = 0.0  # 0: closed

    def is_open(self) -> bool:
        """Return whether to give up at once. After the pause, one caller may ask again."""
        if not self._until:
            return False
        with self._lock:
            now = monotonic()
            if now < self._until:
                return True
            if self._until:  # half open; otherwise an answer has closed it just now
                self._until = now + self.trial
            return False

    def trip(self) -> None:
        """Open the breaker: the server does not answer."""
        with self._lock:
            self._until = monotonic() + self.pause

    def close(self) -> None:
        """Close the breaker: the server answers."""
        with self._lock:
            self._until = 0.0

    @contextmanager
    def watch(self, *failures: type[Exception]) -> Iterator[None]:
        """Trip if the block raises one of ``failures``. Any other end is an answer."""
        try:
            yield
        except failures:
            self.trip()
            raise
        except Exception:
            self.close()
            raise
        self.close()
