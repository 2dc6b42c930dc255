"""Which task this thread runs, so that its log lines and error reports can say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from . import request_log

_current: ContextVar[dict[str, str]] = ContextVar("task", default={})


def fields() -> dict[str, str]:
    """Give ``task`` (its name) and ``task_id`` of what runs here; nothing outside of a task."""
    return _current.get()


@contextmanager
def within(name: str, id: str, for_request: str = "") -> Iterator[None]:
    """Say that a task runs, and for which request it was handed over."""
    begin(name, id, for_request)
    try:
        yield
    finally:
        end()


def begin(name: str, id: str, for_request: str = "") -> None:
    """Say that a task begins, where no block can stand around it."""
    _current.set({"task": name, "task_id": id})
    if for_request:
        request_log.answer_for(for_request)


def end() -> None:
    """Say that the task is over."""
    _current.set({})
    request_log.answer_for("")
