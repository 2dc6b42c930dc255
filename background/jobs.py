"""What is done again and again: each job has a row that says when it is due.

A clock asks every half a minute what is due: Celery's beat, or without Redis the thread of each
web process. There may be any number of clocks: a job is claimed by a conditional update, and that
is its lock. Whoever runs it has a lease; if it dies, the job is due again when that is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from . import after_commit
from .models import Job

logger = logging.getLogger(__name__)

# As long as a task may take (oc_lettings_site/celery.py).
LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Known:
    """A job as its app describes it."""

    run: Callable[[], None]
    every: timedelta | None
    at: time | None

    def first(self, now: datetime) -> datetime:
        """Give when a new job is due: a nightly one in the next night, any other at once."""
        return now if self.every is not None else self.after(now)

    def after(self, now: datetime) -> datetime:
        """Give when the job is due again once it has run at ``now``."""
        if self.every is not None:
            return now + self.every
        today = timezone.localtime(now).replace(
            hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0
        )
        return today if today > now else today + timedelta(days=1)


_known: dict[str, Known] = {}


def job(*, every: timedelta | None = None, at: time | None = None) -> Callable:
    """Mark a function of an app's ``tasks`` module as a job: every so often, or daily at a time.

    It takes nothing and may run again after a crash. The time is that of TIME_ZONE.
    """

    def register(run: Callable[[], None]) -> Callable[[], None]:
        _known[f"{run.__module__}.{run.__name__}"] = Known(run, every, at)
        return run

    return register


def known() -> dict[str, Known]:
    """Give every job by its name, as the apps' ``tasks`` modules have them."""
    autodiscover_modules("tasks")
    return _known


def tick() -> None:
    """Have everything run that is due."""
    rows = dict(Job.objects.values_list("name", "due_at"))
    now = timezone.now()
    new = {name: job.first(now) for name, job in known().items() if name not in rows}
    if new:
        Job.objects.bulk_create(
            [Job(name=name, due_at=due) for name, due in new.items()], ignore_conflicts=True
        )
    for name in known():
        if (rows | new)[name] <= now:
            after_commit("background.tasks.run_job", name)


def run(name: str) -> bool:
    """Run a job if it is due and nobody else does; say whether it was. Raises what it raises."""
    now = timezone.now()
    lease = now + LEASE
    due = Job.objects.filter(name=name, due_at__lte=now)
    if name not in known() or not due.update(due_at=lease, began_at=now):
        return False
    error = ""
    try:
        known()[name].run()
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"[:1000]
        raise
    finally:
        end = timezone.now()
        Job.objects.filter(name=name, due_at=lease).update(
            due_at=known()[name].after(end), ended_at=end, error=error
        )
    return True
