"""Dispatch a task to a worker. A page never waits for this and never fails because of it."""

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

from . import worker_thread
from .timing import SILENT

logger = logging.getLogger(__name__)

# On the monotonic clock. A new process gives other processes time to start, too.
_look_again_at = time.monotonic() + SILENT.total_seconds()


def after_commit(task: str, *args: int | str) -> None:
    """Run a task once the transaction is committed, or now outside of a transaction.

    ``task`` is its path (``"lettings.tasks.make_renditions"``, a ``shared_task``), so that a
    page imports neither the task nor Celery. ``args`` are ids: the task reads the current row.
    After a rollback nothing is dispatched. Never raise, except in tests, where the
    task runs in place: ``with self.captureOnCommitCallbacks(execute=True)``.
    """
    in_place = settings.BACKGROUND == "in place"
    for_request = request_id()

    # Not a partial: Django logs the function's name when it fails.
    def hand_over() -> None:
        (run if in_place else _to_thread)(task, args, for_request)

    # robust: a failed dispatch must not fail the page.
    transaction.on_commit(hand_over, robust=not in_place)


def run(task: str, args: tuple[int | str, ...], for_request: str = "") -> None:
    """Run a task in this thread; its log lines and reports have its name and request id."""
    with task_log.within(task, token_hex(8), for_request):
        import_string(task)(*args)


def _to_thread(task: str, args: tuple[int | str, ...], for_request: str) -> None:
    do = _publish if settings.BACKGROUND == "celery" else run
    worker_thread.add(partial(do, task, args, for_request))


def _publish(task: str, args: tuple[int | str, ...], for_request: str) -> None:
    """Send a task to the broker; runs in the thread, where importing Celery delays nobody."""
    from kombu.exceptions import OperationalError

    from .celery import app

    try:
        app.send_task(task, args, headers={"request_id": for_request}, retry=False)
    except OperationalError as error:
        logger.warning("%s waits for the sweep: the broker is away (%s)", task, error)
    _look_after_the_worker()


def is_a_worker() -> None:
    """Mark this process as a worker: it need not query the database for one."""
    global _look_again_at
    _look_again_at = math.inf


def _look_after_the_worker() -> None:
    """Report once an hour that no worker runs the dispatched tasks: a missing worker can't."""
    global _look_again_at
    from . import jobs

    if time.monotonic() < _look_again_at:
        return
    silent = jobs.silent(timezone.now())
    _look_again_at = time.monotonic() + (3600 if silent else SILENT.total_seconds())
    if silent:
        logger.error("no job has run for five minutes: is a worker up, and beat? docs/runbook.md")
