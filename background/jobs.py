"""Recurring jobs: each has a row that says when it is due.

A clock asks every half minute what is due: Celery's beat, or without Redis the thread of each web
process. There may be any number of clocks: a job is claimed by a conditional update, which is its
lock. Its runner has a lease; if the runner dies, the job is due again when the lease ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F, Max
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from . import after_commit
from .models import Job
from .timing import LEASE, SILENT

logger = logging.getLogger(__name__)

# Each failure of a job with this interval or a longer one is reported.
RARE = timedelta(minutes=10)


@dataclass(frozen=True)
class Known:
    """A job as its app defines it."""

    run: Callable[[], None]
    every: timedelta | None
    at: time | None

    def first(self, now: datetime) -> datetime:
        """Return when a new job is due: a nightly one in the next night, any other now."""
        return now if self.every is not None else self.after(now)

    def after(self, now: datetime) -> datetime:
        """Return when the job is due again once it has run at ``now``."""
        if self.every is not None:
            return now + self.every
        today = timezone.localtime(now, timezone.get_default_timezone()).replace(
            hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0
        )
        return today if today > now else today + timedelta(days=1)


_known: dict[str, Known] = {}


def job(*, every: timedelta | None = None, at: time | None = None) -> Callable:
    """Mark a function of an app's ``tasks`` module as a job, at an interval or daily at a time.

    The function takes no argument and may run again after a crash. The time is in TIME_ZONE.
    """

    def register(run: Callable[[], None]) -> Callable[[], None]:
        _known[f"{run.__module__}.{run.__name__}"] = Known(run, every, at)
        return run

    return register


def known() -> dict[str, Known]:
    """Return every job by its name, as the apps' ``tasks`` modules have them."""
    autodiscover_modules("tasks")
    return _known


def tick() -> None:
    """Dispatch every due job."""
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


def for_each(items: Iterable[Any], do: Callable[[Any], object]) -> None:
    """Call a function for each item; go on after an error, and raise the first one at the end."""
    first: Exception | None = None
    for item in items:
        try:
            do(item)
        except Exception as error:  # an error of one item must not stop the others
            first = first or error
    if first:
        raise first


def silent(now: datetime) -> bool:
    """Return whether no job has ended for so long that there can be no worker or no clock."""
    last = Job.objects.aggregate(Max("ended_at"))["ended_at__max"]
    return last is None or last < now - SILENT


def try_again() -> int:
    """Make failed jobs due now; return their number."""
    failed = Job.objects.filter(name__in=known()).exclude(error="")
    failed = failed.filter(ended_at__gte=F("began_at"))  # not running now
    names = list(failed.values_list("name", flat=True))
    number = failed.filter(name__in=names).update(due_at=timezone.now())
    for name in names:
        after_commit("background.tasks.run_job", name)
    return number


def run(name: str) -> bool:
    """Run a job if it is due and not claimed; return whether it ran. Raise the job's errors.

    A job of every minute that repeats its last error only logs it: a mailbox that is unreachable
    for a day would otherwise be reported 1,440 times, and use up the quota for other errors.
    """
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
        every = known()[name].every
        if every is None or every >= RARE or Job.objects.get(name=name).error != error:
            raise
        logger.warning("job %s fails as before: %s", name, type(raised).__name__)
    finally:
        end = timezone.now()
        Job.objects.filter(name=name, due_at=lease).update(
            due_at=known()[name].after(end), ended_at=end, error=error
        )
    return True
