"""Hands a task over to a worker, without ever making a page wait or fail."""

from __future__ import annotations

import logging
import math
import time
from functools import partial
from secrets import token_hex

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from core.observability import task_log
from core.observability.request_log import request_id

from . import thread

logger = logging.getLogger(__name__)

# Of the clock that only goes forward; a process that begins gives others the time to do so too.
_look_again_at = time.monotonic() + 300


def after_commit(task: str, *args: int | str) -> None:
    """Have a task run once the transaction is committed, or at once outside of one.

    ``task`` is where it is (``"lettings.tasks.make_renditions"``, a ``shared_task``), so that a
    page needs neither it nor Celery. ``args`` are ids: the task reads the row as it is by then.
    Nothing happens if the transaction is rolled back. Never raises, except in tests, where the
    task runs in place: ``with self.captureOnCommitCallbacks(execute=True)``.
    """
    in_place = settings.BACKGROUND == "in place"
    for_request = request_id()

    # Not a partial: Django asks for its name when it fails.
    def hand_over() -> None:
        (run if in_place else _to_thread)(task, args, for_request)

    # robust: what happens to a nudge is not the page's to fail on.
    transaction.on_commit(hand_over, robust=not in_place)


def run(task: str, args: tuple[int | str, ...], for_request: str = "") -> None:
    """Run a task here and now; its log lines and reports name it, and the request it is for."""
    with task_log.within(task, token_hex(8), for_request):
        import_string(task)(*args)


def _to_thread(task: str, args: tuple[int | str, ...], for_request: str) -> None:
    do = _publish if settings.BACKGROUND == "celery" else run
    thread.add(partial(do, task, args, for_request))


def _publish(task: str, args: tuple[int | str, ...], for_request: str) -> None:
    """Return a task to the broker; from the thread, where the import of Celery delays nobody."""
    from kombu.exceptions import OperationalError

    from .celery import app

    try:
        app.send_task(task, args, headers={"request_id": for_request}, retry=False)
    except OperationalError as error:
        logger.warning("%s waits for the sweep: the broker is away (%s)", task, error)
    _look_after_the_worker()


def is_a_worker() -> None:
    """Say that this process is one: it need not ask, which takes a connection to the database."""
    global _look_again_at
    _look_again_at = math.inf


def _look_after_the_worker() -> None:
    """Report once an hour that nobody does what is handed over, since no worker can say so."""
    global _look_again_at
    from . import jobs

    if time.monotonic() < _look_again_at:
        return
    silent = jobs.silent(timezone.now())
    _look_again_at = time.monotonic() + (3600 if silent else jobs.SILENT.total_seconds())
    if silent:
        logger.error("no job has run for five minutes: is a worker up, and beat? docs/runbook.md")
