"""How mail and the jobs in the background do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from background.models import Job, Mail

# The sweep runs twice a minute: without it for this long, nobody looks after what waits.
SILENT = timedelta(minutes=5)


@dataclass(frozen=True)
class Health:
    """What staff should know; ``waiting_since`` is when the oldest open mail was written."""

    mail: dict[str, int]
    waiting_since: datetime | None
    failed: list[Mail]
    jobs: list[Job]
    silent: bool


def look(now: datetime | None = None) -> Health:
    """Look at the outbox and the jobs, by four queries."""
    now = now or timezone.now()
    counted = dict(Mail.objects.values_list("state").annotate(Count("pk")).order_by())
    oldest = Mail.objects.filter(state__in=Mail.OPEN).aggregate(Min("created_at"))
    jobs = list(Job.objects.order_by("name"))
    ended = [job.ended_at for job in jobs if job.ended_at]
    return Health(
        mail={str(state.label): counted.get(state.value, 0) for state in Mail.State},
        waiting_since=oldest["created_at__min"],
        failed=list(Mail.objects.filter(state=Mail.State.FAILED).order_by("-pk")[:10]),
        jobs=jobs,
        silent=not ended or max(ended) < now - SILENT,
    )
