"""Jobs: each runs once when its row says that it is due, however many clocks there are."""

import math
import re
from datetime import UTC, datetime, time, timedelta
from unittest import mock

import pytest
from django.conf import settings
from django.utils import timezone

from background import TICK_SECONDS, clock, jobs, tasks, worker_thread
from background.models import Job
from core.tests import connections

from . import example_tasks

HOURLY, FAILING = "background.tests.example_tasks.note", "background.tests.example_tasks.fail"


@pytest.fixture(autouse=True)
def two_jobs(monkeypatch):
    example_tasks.done.clear()
    known = {
        HOURLY: jobs.Known(example_tasks.note, timedelta(hours=1), None),
        FAILING: jobs.Known(example_tasks.fail, timedelta(hours=1), None),
    }
    monkeypatch.setattr(jobs, "known", lambda: known)


@pytest.mark.django_db
class TestOne:
    def test_a_tick_has_new_jobs_run_at_once(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as handed_over:
            jobs.tick()
        assert len(handed_over) == 2
        assert set(Job.objects.values_list("name", flat=True)) == {HOURLY, FAILING}

    def test_it_runs_once_and_then_in_an_hour(self):
        Job.objects.create(name=HOURLY)
        assert jobs.run(HOURLY)
        assert not jobs.run(HOURLY)
        assert example_tasks.done == [()]
        row = Job.objects.get()
        assert timedelta(minutes=59) < row.due_at - timezone.now() <= timedelta(hours=1)
        assert row.began_at < row.ended_at
        assert row.error == ""

    def test_a_tick_leaves_alone_what_is_not_due(self, django_capture_on_commit_callbacks):
        later = timezone.now() + timedelta(minutes=1)
        Job.objects.bulk_create(Job(name=name, due_at=later) for name in (HOURLY, FAILING))
        with django_capture_on_commit_callbacks() as handed_over:
            jobs.tick()
        assert handed_over == []

    def test_what_it_failed_of_stands_in_its_row(self):
        Job.objects.create(name=FAILING)
        with pytest.raises(ZeroDivisionError):
            jobs.run(FAILING)
        row = Job.objects.get()
        assert row.error.startswith("ZeroDivisionError")
        assert row.due_at > timezone.now()

    def test_one_of_every_minute_reports_the_same_failure_once(self, monkeypatch, caplog):
        words = ["away", "away", "another", "", "another"]

        def fail():
            if word := words.pop(0):
                raise OSError(word)

        monkeypatch.setitem(jobs.known(), FAILING, jobs.Known(fail, timedelta(0), None))
        Job.objects.create(name=FAILING)
        for told in ("away", None, "another", None, "another"):
            caplog.clear()
            if told:
                with pytest.raises(OSError, match=told):
                    jobs.run(FAILING)
            else:
                assert jobs.run(FAILING)
            error = Job.objects.get().error
            again = [f"job {FAILING} fails as before: OSError"] if error and not told else []
            assert [record.getMessage() for record in caplog.records] == again

    def test_one_that_failed_is_tried_again_when_staff_say_so(
        self, django_capture_on_commit_callbacks
    ):
        now = timezone.now()
        ended = {"began_at": now - timedelta(minutes=2), "ended_at": now - timedelta(minutes=1)}
        later = now + timedelta(hours=1)
        Job.objects.create(name=FAILING, error="ZeroDivisionError", due_at=later, **ended)
        Job.objects.create(name=HOURLY, due_at=later, **ended)
        # Another runs just now, whose last end was a failure: its lease is not to be taken.
        busy = {"began_at": now, "ended_at": now - timedelta(hours=1)}
        Job.objects.create(name="busy", error="ZeroDivisionError", due_at=later, **busy)
        with django_capture_on_commit_callbacks() as handed_over:
            assert jobs.try_again() == 1
        assert len(handed_over) == 1
        due = Job.objects.filter(due_at__lte=timezone.now())
        assert list(due.values_list("name", flat=True)) == [FAILING]

    def test_a_job_that_is_no_more_is_not_tried_again_and_forgotten(self):
        now = timezone.now()
        Job.objects.create(name="gone.tasks.job", error="X", began_at=now, ended_at=now)
        assert jobs.try_again() == 0
        tasks.clean_up()
        assert not Job.objects.filter(name="gone.tasks.job").exists()

    def test_one_that_died_is_due_when_its_lease_is_over(self):
        Job.objects.create(name=HOURLY, due_at=timezone.now() + jobs.LEASE)
        assert not jobs.run(HOURLY)
        Job.objects.update(due_at=timezone.now())
        assert jobs.run(HOURLY)

    def test_a_job_that_is_no_more_is_not_run(self):
        Job.objects.create(name="gone.tasks.job")
        assert not jobs.run("gone.tasks.job")

    def test_a_tick_asks_for_none_that_is_no_more(self, django_capture_on_commit_callbacks):
        later = timezone.now() + timedelta(minutes=1)
        Job.objects.bulk_create(Job(name=name, due_at=later) for name in (HOURLY, FAILING))
        Job.objects.create(name="gone.tasks.job")
        with django_capture_on_commit_callbacks() as handed_over:
            jobs.tick()
        assert handed_over == []


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_run_it_once(tmp_path):
    with connections.for_threads(tmp_path):
        for _ in range(10):
            example_tasks.done.clear()
            Job.objects.update_or_create(name=HOURLY, defaults={"due_at": timezone.now()})
            ran = connections.at_once(*[lambda: jobs.run(HOURLY)] * 2)
            assert sorted(ran) == [False, True]
            assert example_tasks.done == [()]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 1, 2, 0, tzinfo=UTC), datetime(2026, 3, 1, 3, 10, tzinfo=UTC)),
        (datetime(2026, 3, 1, 3, 10, tzinfo=UTC), datetime(2026, 3, 2, 3, 10, tzinfo=UTC)),
        (datetime(2026, 2, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 1, 3, 10, tzinfo=UTC)),
    ],
)
def test_a_nightly_job_is_due_in_the_next_night(now, due):
    nightly = jobs.Known(example_tasks.note, None, time(3, 10))
    assert nightly.after(now) == nightly.first(now) == due


def test_the_clock_of_a_process_begins_with_its_first_request(monkeypatch, client, db):
    threads = mock.Mock()
    monkeypatch.setattr(clock, "threading", threads)
    clock.start_with_the_first_request()
    assert not threads.Thread.called
    for _ in range(2):
        client.get("/livez")
    threads.Thread.assert_called_once_with(target=clock._run, name="clock", daemon=True)
    threads.Thread().start.assert_called_once_with()


def test_the_clock_ticks_before_it_sleeps(monkeypatch):
    ticks = []
    sleep = mock.Mock(side_effect=StopIteration)
    monkeypatch.setattr(clock, "_tick", lambda: ticks.append(1))
    monkeypatch.setattr(clock, "time", mock.Mock(sleep=sleep))
    with pytest.raises(StopIteration):
        clock._run()
    worker_thread.drain()
    assert ticks == [1]
    sleep.assert_called_once_with(TICK_SECONDS)


def test_the_apps_jobs_are_found(monkeypatch):
    monkeypatch.undo()
    assert {"background.tasks.sweep", "background.tasks.clean_up"} <= set(jobs.known())
    assert tasks.sweep.__name__ == "sweep"


def test_the_runbook_has_every_job_and_when_it_runs(monkeypatch):
    monkeypatch.undo()

    def when(job):
        if job.at:
            return f"at {job.at:%H:%M}"
        ticks = math.ceil(job.every.total_seconds() / TICK_SECONDS)
        seconds = ticks * TICK_SECONDS
        return f"every {seconds} s" if seconds < 60 else f"every {seconds // 60} min"

    runbook = (settings.BASE_DIR / "docs" / "runbook.md").read_text()
    rows = re.findall(r"^\| `(\w+\.tasks\.\w+)` \| (\w+ [^|]+) \|", runbook, re.MULTILINE)
    ours = {name: job for name, job in jobs.known().items() if ".tests." not in name}
    assert dict(rows) == {name: when(job) for name, job in ours.items()}
