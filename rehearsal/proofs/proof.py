"""A proof: a function that returns its evidence, or raises Disproved with what it found."""

from __future__ import annotations

from collections.abc import Callable

Body = Callable[..., str]


class Disproved(Exception):
    """What was found instead of what had to be proven."""


def proof(stage: str, proven: str) -> Callable[[Body], Body]:
    """Mark a function as the proof of a sentence, about a stage of the way."""

    def mark(body: Body) -> Body:
        body.stage, body.proven = stage, proven
        return body

    return mark


def expect(true: bool, otherwise: str) -> None:
    """Raise Disproved with the words given unless something is true."""
    if not true:
        raise Disproved(otherwise)


def short(commit: str) -> str:
    """Return a commit as people read it."""
    return commit[:10]
