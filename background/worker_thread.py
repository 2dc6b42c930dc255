"""The one thread of a process that runs the tasks of its pages, and the jobs."""

from __future__ import annotations

import atexit
import logging
import queue
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections

logger = logging.getLogger(__name__)

Work = Callable[[], None]

# When it is full, tasks are dropped: the sweep finds their rows.
ROOM = 1000
# seconds for which a stopping process finishes its tasks; gunicorn and Heroku wait longer.
LAST_SECONDS = 5.0

_works: queue.Queue[Work] = queue.Queue(ROOM)
_starting = threading.Lock()
_thread: threading.Thread | None = None


def add(work: Work) -> None:
    """Run ``work`` soon, in the order of arrival; never wait."""
    try:
        _works.put_nowait(work)
    except queue.Full:
        logger.warning("the queue of this process is full: %s waits for the sweep", work)
        return
    start()


def start() -> None:
    """Start the thread, unless it runs."""
    global _thread
    with _starting:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_loop, name="background", daemon=True)
            _thread.start()


def drain(seconds: float = LAST_SECONDS) -> None:
    """Wait until all work added so far is done, at most this many seconds."""
    end = time.monotonic() + seconds
    while _works.unfinished_tasks and time.monotonic() < end:
        time.sleep(0.01)


def _loop() -> None:
    while True:
        work = _works.get()
        try:
            _do(work)
        except Exception:
            logger.exception("a task failed")
        finally:
            _works.task_done()


def _do(work: Work) -> None:
    close_old_connections()
    try:
        work()
    finally:
        close_old_connections()


# A daemon thread ends with the process, even in the middle of sending a mail.
atexit.register(drain)
