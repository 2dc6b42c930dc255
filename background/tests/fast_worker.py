"""Run Celery with short times: leases and pauses of one second, and two clock ticks a second.

python -m background.tests.fast_worker worker|write: run the worker with its clock, or a site that
writes mails and dispatches them.
"""

import os
import sys
import time
from datetime import timedelta

import django

NUMBER = 60


def hurry():
    """Shorten what a test can't wait for."""
    from background import delivery, jobs, tasks
    from background.celery import app

    second = timedelta(seconds=1)
    delivery.LEASE = jobs.LEASE = second
    delivery.FIRST_PAUSE = second / 2
    jobs._known.clear()
    jobs.job(every=second / 4)(tasks.sweep)
    jobs.autodiscover_modules = lambda name: None
    app.conf.beat_schedule["tick"]["schedule"] = 0.5


def write():
    """Send mail, a few a second, as pages would."""
    from django.core.mail import send_mail

    for number in range(NUMBER):
        send_mail(f"Mail {number}", "text", None, ["host@example.org"])
        time.sleep(0.2)


if __name__ == "__main__":
    django.setup()
    hurry()
    if sys.argv[1] == "write":
        write()
    else:
        from background.celery import app

        file = os.environ["BEAT_FILE"]
        app.worker_main(["worker", "--beat", "--schedule", file, "--without-mingle"])
