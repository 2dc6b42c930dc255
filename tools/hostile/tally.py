"""What an attack sent, and what came back."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from email.message import Message

EXAMPLES = 10  # failures that are told in words


@dataclass(frozen=True)
class Answer:
    """An answer: status 0 if there was none; seconds from the first byte sent to the last read."""

    status: int
    headers: Message
    body: bytes
    seconds: float

    @property
    def is_raw(self) -> bool:
        """Return whether the server itself wrote the answer: a page of the site has a policy."""
        return "Content-Security-Policy" not in self.headers


@dataclass
class Tally:
    """Counts of one attack; several threads may add to them."""

    requests: int = 0
    server_errors: int = 0
    raw: int = 0
    unanswered: int = 0
    failures: int = 0
    examples: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, asked: str, answer: Answer, expect: Collection[int]) -> None:
        """Count an answer, and a failure unless it is ours and has an expected status."""
        with self._lock:
            self.requests += 1
            allowed = answer.status in expect
            wrong = []
            if answer.status == 0:
                self.unanswered += not allowed
                wrong = [] if allowed else ["no answer"]
            elif answer.status >= 500 and not allowed:
                self.server_errors += 1
                wrong = [str(answer.status)]
            elif expect and not allowed:
                wrong = [f"{answer.status} instead of {sorted(expect)}"]
            if answer.status and answer.is_raw:
                self.raw += 1
                wrong.append(f"a raw {answer.status}")
        if wrong:
            self.fail(f"{', '.join(wrong)}: {asked}")

    def fail(self, words: str) -> None:
        """Count a failure, and keep the first few in words."""
        with self._lock:
            self.failures += 1
            if len(self.examples) < EXAMPLES:
                self.examples.append(words)
