"""The Celery application: its settings as Redis gets them, and that pages do without it."""

import os
import ssl
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from background import dispatch
from background.celery import app, broker, look_for_no_other
from background.models import Job
from core.observability import sentry

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://u:p@h:1/3", {"broker_url": "redis://u:p@h:1/3"}),
        ("unix:///run/r.sock?db=2", {"broker_url": "redis+socket:///run/r.sock?virtual_host=2"}),
        (
            "rediss://:p@h:1/3",
            {
                "broker_url": "rediss://:p@h:1/3",
                "broker_use_ssl": {"ssl_cert_reqs": ssl.CERT_REQUIRED},
            },
        ),
        (
            "rediss://:p@h:1/3?ssl_cert_reqs=none",
            {
                "broker_url": "rediss://:p@h:1/3",
                "broker_use_ssl": {"ssl_cert_reqs": ssl.CERT_NONE},
            },
        ),
    ],
)
def test_the_broker_is_the_redis_that_django_has(url, expected):
    assert broker(url) == expected


def test_what_keeps_tasks_over_a_restart():
    assert app.conf.task_acks_late and app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    # Or a task that only takes long would be handed out a second time.
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit


def test_no_page_needs_celery():
    code = (
        "import sys, django; django.setup();"
        "import oc_lettings_site.urls, oc_lettings_site.wsgi, background;"
        "print([name for name in sys.modules if name in ('celery', 'kombu')])"
    )
    environment = os.environ | {"ENVIRONMENT": "test", "REDIS_URL": "redis://127.0.0.1:1/0"}
    environment["DJANGO_SETTINGS_MODULE"] = "oc_lettings_site.settings"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr


def test_a_report_from_a_task_names_it_and_not_what_it_was_given(settings):
    from core.observability import task_log

    event = {"extra": {"celery-job": {"args": [7]}, "sys.argv": []}}
    with task_log.within("lettings.tasks.make", "abc", "req-1"):
        prepared = sentry.prepare(event, {})
    assert prepared["tags"] == {
        "request_id": "req-1",
        "task": "lettings.tasks.make",
        "task_id": "abc",
    }
    assert "celery-job" not in prepared["extra"]


def test_a_worker_reports_its_tasks():
    kinds = {type(one).__name__ for one in sentry.options()["integrations"]}
    assert "CeleryIntegration" in kinds


@pytest.mark.django_db
class TestNobodyWorks:
    """A worker that is not there can't say so: the pages that hand work over do."""

    @pytest.fixture(autouse=True)
    def look_now(self, monkeypatch):
        monkeypatch.setattr(dispatch, "_look_again_at", 0.0)
        monkeypatch.setattr(app, "send_task", self.send)
        self.broker_is_away = False

    def send(self, *args, **options):
        if self.broker_is_away:
            raise OperationalError("refused")

    def publish(self, caplog):
        caplog.clear()
        dispatch._publish("background.tasks.deliver", (1,), "")
        return [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]

    def test_it_is_reported_once_an_hour(self, caplog, monkeypatch):
        Job.objects.create(name="a.job", ended_at=timezone.now() - timedelta(minutes=6))
        assert self.publish(caplog) == [
            "no job has run for five minutes: is a worker up, and beat? docs/runbook.md"
        ]
        assert self.publish(caplog) == []
        later = time.monotonic() + 3601
        monkeypatch.setattr(dispatch.time, "monotonic", lambda: later)
        assert len(self.publish(caplog)) == 1

    def test_so_is_a_broker_that_stays_away(self, caplog):
        self.broker_is_away = True
        assert len(self.publish(caplog)) == 1

    def test_a_worker_that_works_is_asked_for_every_five_minutes(
        self, caplog, django_assert_num_queries
    ):
        Job.objects.create(name="a.job", ended_at=timezone.now())
        with django_assert_num_queries(1):
            assert self.publish(caplog) == []
            assert self.publish(caplog) == []

    def test_a_worker_does_not_ask_for_one(self, caplog, django_assert_num_queries):
        look_for_no_other()
        with django_assert_num_queries(0):
            assert self.publish(caplog) == []

    def test_a_process_that_begins_waits_for_the_others(self):
        code = "import time; from background import dispatch as h;"
        code += "print(h._look_again_at > time.monotonic() + 200)"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
        )
        assert done.stdout == "True\n", done.stderr
