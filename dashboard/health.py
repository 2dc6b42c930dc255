"""The state of mail and of the background jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from background import jobs
from background.models import Job, Mail


@dataclass(frozen=True)
class Health:
    """The state for staff; ``waiting_since`` is when the oldest waiting mail was written."""

    mail: dict[str, int]
    waiting_since: datetime | None
    failed: list[Mail]
    jobs: list[Job]
    jobs_failed: bool
    silent: bool


def look(now: datetime | None = None) -> Health:
    """Return the state of the outbox and the jobs, with five queries."""
    now = now or timezone.now()
    counted = dict(Mail.objects.values_list("state").annotate(Count("pk")).order_by())
    oldest = Mail.objects.filter(state__in=Mail.OPEN).aggregate(Min("created_at"))
    rows = list(Job.objects.order_by("name"))
    return Health(
        mail={str(state.label): counted.get(state.value, 0) for state in Mail.State},
        waiting_since=oldest["created_at__min"],
        failed=list(Mail.objects.filter(state=Mail.State.FAILED).order_by("-pk")[:10]),
        jobs=rows,
        jobs_failed=any(job.error for job in rows),
        silent=jobs.silent(now),
    )
