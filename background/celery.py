"""The Celery application of `celery --app background worker`, with a reason for each setting.

The web process imports this only in a thread, when there is a task to dispatch.
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

from background import WORKER_PROCESSES, dispatch
from background.timing import TASK_SECONDS, TICK_SECONDS
from core.observability import task_log

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oc_lettings_site.settings")

logger = logging.getLogger(__name__)
app = Celery("oc_lettings_site")


def broker(url: str) -> dict[str, Any]:
    """Return Celery's settings for the Redis at ``url``, which has Django's form.

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
    # A message leaves the queue when its task ends, not when it begins. So a task that is
    # interrupted by a restart, a crash or the OOM killer runs again. Tasks allow that.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # Otherwise each process reserves four messages, which wait behind a long task and, after a
    # crash, for the visibility time-out.
    worker_prefetch_multiplier=1,
    broker_transport_options={
        # Seconds after which a message of a worker that died with its machine is delivered again.
        # It is well over the longest task, or that would run twice at once, and well
        # under the default of one hour.
        "visibility_timeout": 2 * TASK_SECONDS,
        # An unreachable Redis must not block the thread that dispatches tasks.
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "max_retries": 1,
        "interval_start": 0,
    },
    broker_connection_timeout=1,
    # A worker that starts before Redis waits for it; one that loses it reconnects.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # When a worker loses its broker, its task ends and is delivered again: tasks allow that.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # The exception comes a minute before the end, so that a task can clean up.
    task_time_limit=TASK_SECONDS,
    task_soft_time_limit=TASK_SECONDS - 60,
    worker_concurrency=WORKER_PROCESSES,
    # The result of a task is in its row; nobody asks Celery.
    task_ignore_result=True,
    # A task takes ids, so JSON is enough; pickle would run any code that got into Redis.
    task_serializer="json",
    accept_content=["json"],
    timezone=settings.TIME_ZONE,
    # The only task of beat. What is due is in the database (background/jobs.py), so a second beat,
    # or one that lost its file, does no harm. Ticks that no worker took are dropped.
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
    """Keep the logging of the settings: a receiver of this signal stops Celery's own."""


@signals.worker_process_init.connect
def let_the_parent_decide(**kwargs: Any) -> None:
    """Ignore SIGTERM in child processes: the platform sends it to all, and the parent stops them.

    https://devcenter.heroku.com/articles/dyno-shutdown-behavior
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


@signals.worker_process_init.connect
def look_for_no_other(**kwargs: Any) -> None:
    """Mark this process as a worker, which need not check for one as web processes do."""
    dispatch.is_a_worker()


@signals.worker_ready.connect
@signals.beat_init.connect
def say_without_broker(**kwargs: Any) -> None:
    """Log that no task will ever arrive if REDIS_URL is not set."""
    if not settings.REDIS_URL:
        logger.warning("REDIS_URL is not set: the web process does the work itself")


@signals.task_prerun.connect
def begin(task_id: str, task: Any, **kwargs: Any) -> None:
    """Add the task and its request to the log lines from now on."""
    task_log.begin(task.name, task_id, (task.request.headers or {}).get("request_id", ""))


@signals.task_postrun.connect
def end(**kwargs: Any) -> None:
    """Remove the task from the log lines."""
    task_log.end()
