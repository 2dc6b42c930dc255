"""Know which task this thread runs, for its log lines and error reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from . import request_log

_current: ContextVar[dict[str, str]] = ContextVar("task", default={})


def fields() -> dict[str, str]:
    """Return ``task`` (its name) and ``task_id`` of the current task; {} outside of a task."""
    return _current.get()


@contextmanager
def within(name: str, id: str, for_request: str = "") -> Iterator[None]:
    """Run a block as a task, and as part of the request that dispatched it."""
    begin(name, id, for_request)
    try:
        yield
    finally:
        end()


def begin(name: str, id: str, for_request: str = "") -> None:
    """Mark the start of a task, where a ``with`` block is not possible."""
    _current.set({"task": name, "task_id": id})
    if for_request:
        request_log.answer_for(for_request)


def end() -> None:
    """Mark the end of the task."""
    _current.set({})
    request_log.answer_for("")
