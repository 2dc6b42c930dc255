"""The Celery application of `celery --app background worker`; a reason for each value.

The web process imports this only from a thread, when there is something to hand over.
https://docs.celeryq.dev/en/stable/userguide/configuration.html
"""

from __future__ import annotations

import logging
import os
import signal
import ssl
from typing import Any

from celery import Celery, signals
from django.conf import settings

from background import TICK_SECONDS, WORKER_PROCESSES, handing_over
from core.observability import task_log

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oc_lettings_site.settings")

logger = logging.getLogger(__name__)
app = Celery("oc_lettings_site")


def broker(url: str) -> dict[str, Any]:
    """Give Celery's settings for the Redis at ``url``, which is written as Django reads it.

    https://docs.celeryq.dev/projects/kombu/en/stable/userguide/connections.html
    """
    if url.startswith("unix://"):
        path, _, query = url.removeprefix("unix://").partition("?")
        return {"broker_url": f"redis+socket://{path}?{query.replace('db=', 'virtual_host=')}"}
    if url.startswith("rediss://"):
        plain, _, query = url.partition("?")
        trusting = "ssl_cert_reqs=none" in query
        kind = ssl.CERT_NONE if trusting else ssl.CERT_REQUIRED
        return {"broker_url": plain, "broker_use_ssl": {"ssl_cert_reqs": kind}}
    return {"broker_url": url or "memory://"}


app.conf.update(
    **broker(settings.REDIS_URL),
    # A message is taken off the queue when its task is done, and not when it begins: what a
    # restart, a crash or the kernel's memory killer interrupts is done again. Tasks bear that.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # Otherwise each process keeps four messages to itself, which wait behind a long one and, after
    # a crash, for the visibility time-out.
    worker_prefetch_multiplier=1,
    broker_transport_options={
        # Redis forgets nothing, but a message whose worker died with its machine is handed out
        # again only after this many seconds: well over the longest task (below), or that would be
        # done twice at once, and well under the hour that is the default.
        "visibility_timeout": 600,
        # A Redis that is away must not hold the thread that hands work over.
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "max_retries": 1,
        "interval_start": 0,
    },
    broker_connection_timeout=1,
    # A worker that starts before Redis waits for it; one that loses it comes back.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # A task of a worker that lost its broker is finished, and handed out again: tasks bear that.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # A picture takes seconds, a mail ten at most. What hangs is stopped, and found by the sweep.
    task_time_limit=300,
    task_soft_time_limit=240,
    worker_concurrency=WORKER_PROCESSES,
    # What became of a task is in its row; nobody asks Celery.
    task_ignore_result=True,
    # A task takes ids, which JSON holds; pickles would run whatever got into Redis.
    task_serializer="json",
    accept_content=["json"],
    timezone=settings.TIME_ZONE,
    # The one thing that beat does; what is due is in the database (background/jobs.py), so that a
    # second beat, or one that lost its file, does no harm. Ticks that no worker took are dropped.
    beat_schedule={
        "tick": {
            "task": "background.tasks.tick",
            "schedule": TICK_SECONDS,
            "options": {"expires": TICK_SECONDS},
        }
    },
)
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_logging(**kwargs: Any) -> None:
    """Leave logging as the settings have it; Celery asks whether anybody minds."""


@signals.worker_process_init.connect
def let_the_parent_decide(**kwargs: Any) -> None:
    """Finish the task at hand: the platform tells every process to stop, not the parent alone.

    https://devcenter.heroku.com/articles/dyno-shutdown-behavior
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


@signals.worker_process_init.connect
def look_for_no_other(**kwargs: Any) -> None:
    """Here is one who works; the web processes look whether there is."""
    handing_over.is_a_worker()


@signals.worker_ready.connect
@signals.beat_init.connect
def say_without_broker(**kwargs: Any) -> None:
    """Say that nothing will ever come here, when no Redis is set."""
    if not settings.REDIS_URL:
        logger.warning("REDIS_URL is not set: the web process does the work itself")


@signals.task_prerun.connect
def begin(task_id: str, task: Any, **kwargs: Any) -> None:
    """Name the task, and the request it is for, in what is logged from here on."""
    task_log.begin(task.name, task_id, (task.request.headers or {}).get("request_id", ""))


@signals.task_postrun.connect
def end(**kwargs: Any) -> None:
    """Stop naming it."""
    task_log.end()
