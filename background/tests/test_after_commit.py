"""after_commit: tasks are dispatched after the commit, and no page fails because of them."""

import json
import logging
import socket
import time

import pytest
from django.db import transaction

from background import after_commit, worker_thread
from core.observability import logs, request_log, task_log

from . import example_tasks

NOTE = "background.tests.example_tasks.note"


@pytest.fixture(autouse=True)
def nothing_done():
    example_tasks.done.clear()
    example_tasks.may_go_on.clear()
    yield
    example_tasks.may_go_on.set()
    worker_thread.start()  # where a test hindered it; no task may be left for another test
    worker_thread.drain()


@pytest.fixture
def in_a_thread(settings):
    settings.BACKGROUND = "thread"


@pytest.fixture
def dead_redis(settings):
    """Celery with a broker that nobody listens at."""
    from background.celery import app

    settings.BACKGROUND = "celery"
    before = app.conf.broker_url
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        app.conf.broker_url = f"redis://127.0.0.1:{bound.getsockname()[1]}/0"
        yield
    app.conf.broker_url = before


@pytest.mark.django_db
class TestInATransaction:
    def test_it_is_done_after_the_commit(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            after_commit(NOTE, 1, "two")
            assert example_tasks.done == []
        assert example_tasks.done == [(1, "two")]

    def test_what_is_rolled_back_is_not_done(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            with pytest.raises(RuntimeError), transaction.atomic():
                after_commit(NOTE, 1)
                raise RuntimeError
        assert example_tasks.done == []

    def test_a_test_sees_what_fails(self, django_capture_on_commit_callbacks):
        with pytest.raises(ZeroDivisionError):
            with django_capture_on_commit_callbacks(execute=True):
                after_commit("background.tests.example_tasks.fail")


@pytest.mark.django_db(transaction=True)
class TestInAThread:
    def test_a_page_does_not_wait(self, in_a_thread):
        began = time.monotonic()
        after_commit("background.tests.example_tasks.hang", 1)
        after_commit(NOTE, 2)
        assert time.monotonic() - began < 5  # it hangs for 10
        assert example_tasks.done == []
        example_tasks.may_go_on.set()
        worker_thread.drain()
        assert example_tasks.done == [(1,), (2,)]

    def test_one_that_fails_is_reported_and_the_next_is_done(self, in_a_thread, caplog):
        after_commit("background.tests.example_tasks.fail")
        after_commit("no.such.task")
        after_commit(NOTE, 3)
        worker_thread.drain()
        assert example_tasks.done == [(3,)]
        kinds = [record.exc_info[0] for record in caplog.records if record.exc_info]
        assert kinds == [ZeroDivisionError, ModuleNotFoundError]

    def test_a_full_queue_drops_the_nudge_and_says_so(self, in_a_thread, caplog, monkeypatch):
        monkeypatch.setattr(worker_thread._works, "maxsize", 1)
        after_commit("background.tests.example_tasks.hang", 1)
        for number in range(5):
            after_commit(NOTE, number)
        assert "waits for the sweep" in caplog.text
        example_tasks.may_go_on.set()
        worker_thread.drain()
        assert len(example_tasks.done) < 6

    def test_a_thread_that_does_not_start_is_no_fault_of_the_page(self, in_a_thread, monkeypatch):
        def refuse():
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as patch:
            patch.setattr(worker_thread, "start", refuse)
            after_commit(NOTE, 1)


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_costs_a_page_nothing(dead_redis, caplog):
    worker_thread.add(example_tasks.hang)
    for number in range(3):
        after_commit(NOTE, number)
    assert "waits for the sweep" not in caplog.text  # or it was the page that tried
    example_tasks.may_go_on.set()
    worker_thread.drain(20)
    assert caplog.text.count("waits for the sweep") == 3
    assert not any(record.exc_info for record in caplog.records)


def test_lines_name_the_task_and_the_request_it_is_for():
    def line():
        record = logging.LogRecord("x", logging.INFO, __file__, 1, "said", None, None)
        logs.AddRequestId().filter(record)
        return json.loads(logs.JsonFormatter().format(record))

    with task_log.within("lettings.tasks.make", "abc", "req-1"):
        inside = line()
    assert (inside["task"], inside["task_id"]) == ("lettings.tasks.make", "abc")
    assert inside["request_id"] == "req-1"
    assert "task" not in line()
    assert request_log.request_id() == ""
