"""The clock of a web process without Redis: asks for the jobs that are due, while it serves."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.core.signals import request_started

from . import TICK_SECONDS, thread


def start_with_the_first_request() -> None:
    """Begin when the process serves: a command of manage.py has no clock, nor has what forks."""
    request_started.connect(_start, dispatch_uid="background.clock")


def _start(**kwargs: Any) -> None:
    request_started.disconnect(dispatch_uid="background.clock")
    threading.Thread(target=_run, name="clock", daemon=True).start()


def _run() -> None:
    while True:
        thread.add(_tick)
        time.sleep(TICK_SECONDS)


def _tick() -> None:
    from .jobs import tick

    tick()
