"""The tasks and jobs of this app."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from core import retention

from . import after_commit, delivery, jobs
from .models import Job, Mail

AT_ONCE = 200
# How many mails the sweep sends while the server accepts none: a silent server blocks each for ten
# seconds, and other work waits behind them.
AT_ONCE_IN_TROUBLE = 10


@shared_task
def deliver(pk: int) -> None:
    """Send one mail of the outbox if it is due."""
    delivery.deliver(pk)


@shared_task
def tick() -> None:
    """Dispatch every due job; Celery's beat runs this."""
    jobs.tick()


@shared_task
def run_job(name: str) -> None:
    """Run one job if it is due."""
    jobs.run(name)


# Less than a tick: otherwise its own duration would make it miss every second tick.
@jobs.job(every=timedelta(seconds=20))
def sweep() -> None:
    """Dispatch due mail again: later attempts, and mail that a crash left behind."""
    now = timezone.now()
    due = Mail.objects.filter(state__in=Mail.OPEN, due_at__lte=now).order_by("due_at")
    few = AT_ONCE_IN_TROUBLE if _none_is_taken(now) else AT_ONCE
    for pk in due.values_list("pk", flat=True)[:few]:
        after_commit("background.tasks.deliver", pk)


def _none_is_taken(now: datetime) -> bool:
    """Return whether some mail waits for a later attempt, and none was sent within a minute."""
    later = Mail.objects.filter(state=Mail.State.WAITING, due_at__gt=now)
    of_today = Mail.objects.filter(state=Mail.State.SENT, created_at__gt=now - timedelta(days=1))
    return later.exists() and not of_today.filter(sent_at__gt=now - timedelta(minutes=1)).exists()


@jobs.job(at=time(3, 10))
def clean_up() -> None:
    """Delete old mail that was delivered or failed, expired sessions, and removed jobs."""
    over = Mail.objects.exclude(state__in=Mail.OPEN)
    over.filter(created_at__lt=timezone.now() - retention.MAIL).delete()
    call_command("clearsessions")
    Job.objects.exclude(name__in=jobs.known()).delete()
