"""The tasks and jobs of background itself."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from . import after_commit, delivery, jobs
from .models import Job, Mail

# Of a mail that was delivered only this is kept: to whom and when, for as long as people ask. Of
# one that failed all is, for staff to try again; its address may be one that a stranger made up.
KEEP = timedelta(days=30)
AT_ONCE = 200
# As long as no mail is taken: a server that says nothing holds each for ten seconds, and other
# work waits behind it.
AT_ONCE_IN_TROUBLE = 10


@shared_task
def deliver(pk: int) -> None:
    """Send one mail of the outbox, if it is due."""
    delivery.deliver(pk)


@shared_task
def tick() -> None:
    """Have everything run that is due: the beat of Celery's clock."""
    jobs.tick()


@shared_task
def run_job(name: str) -> None:
    """Run one job, if it is due."""
    jobs.run(name)


# Less than a tick, or it would miss every other one by what it takes itself.
@jobs.job(every=timedelta(seconds=20))
def sweep() -> None:
    """Hand over again what is due in the outbox: a later try, or what a crash left behind."""
    now = timezone.now()
    due = Mail.objects.filter(state__in=Mail.OPEN, due_at__lte=now).order_by("due_at")
    few = AT_ONCE_IN_TROUBLE if _none_is_taken(now) else AT_ONCE
    for pk in due.values_list("pk", flat=True)[:few]:
        after_commit("background.tasks.deliver", pk)


def _none_is_taken(now: datetime) -> bool:
    """Return whether some mail waits for a later try, and none was sent within a minute."""
    later = Mail.objects.filter(state=Mail.State.WAITING, due_at__gt=now)
    of_today = Mail.objects.filter(state=Mail.State.SENT, created_at__gt=now - timedelta(days=1))
    return later.exists() and not of_today.filter(sent_at__gt=now - timedelta(minutes=1)).exists()


@jobs.job(at=time(3, 10))
def clean_up() -> None:
    """Forget mail that was delivered or has failed, sessions that ended, jobs that are gone."""
    over = Mail.objects.filter(state__in=[Mail.State.SENT, Mail.State.FAILED])
    over.filter(created_at__lt=timezone.now() - KEEP).delete()
    call_command("clearsessions")
    Job.objects.exclude(name__in=jobs.known()).delete()
