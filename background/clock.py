"""The clock of a web process without Redis: it runs the due jobs while the process serves."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.core.signals import request_started

from . import TICK_SECONDS, worker_thread


def start_with_the_first_request() -> None:
    """Start with the first request: manage.py commands and processes that fork have no clock."""
    request_started.connect(_start, dispatch_uid="background.clock")


def _start(**kwargs: Any) -> None:
    request_started.disconnect(dispatch_uid="background.clock")
    threading.Thread(target=_run, name="clock", daemon=True).start()


def _run() -> None:
    while True:
        worker_thread.add(_tick)
        time.sleep(TICK_SECONDS)


def _tick() -> None:
    from .jobs import tick

    tick()
