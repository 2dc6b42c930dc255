"""A real worker over a real Redis, killed while a site sends mail, or Redis alone: each arrives.

Needs redis-server on this machine; what of this needs none is test_killed.py's.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from . import smtp
from .fast_worker import NUMBER

ROOT = Path(__file__).resolve().parents[2]
KILLS = 4
pytestmark = pytest.mark.skipif(
    not (os.environ.get("TEST_REDIS_URL") and shutil.which("redis-server")),
    reason="takes half a minute: set TEST_REDIS_URL, and apt install redis-server, to kill one",
)


@contextmanager
def process(*argv, environment=None, log=subprocess.DEVNULL):
    """Run a program in a group of its own, which is killed in the end, or earlier."""
    with subprocess.Popen(
        argv, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    ) as running:
        try:
            yield running
        finally:
            kill(running)


def kill(running):
    """End the whole group as the kernel does, with no word to it."""
    try:
        os.killpg(running.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    running.wait()


def states(path):
    with closing(sqlite3.connect(path, timeout=20)) as database:
        rows = database.execute("SELECT state, message_id FROM background_mail").fetchall()
    return [state for state, _ in rows], {message_id for _, message_id in rows}


def at_work(path):
    """Wait until a few mails more are sent."""
    before, end = states(path)[0].count("sent"), time.monotonic() + 30
    while states(path)[0].count("sent") < before + 3:
        assert time.monotonic() < end, "the worker does nothing"
        time.sleep(0.02)


class Stand:
    """A site that sends mail, and what delivers it; ``post`` is where it arrives."""

    def __init__(self, folder, log, post, port):
        self.log, self.post, self.database = log, post, folder / "db"
        redis_port = smtp.free_port()
        # It comes back without what it held: Redis keeps nothing here.
        self._redis = ["redis-server", "--port", str(redis_port), "--save", "", "--dir", folder]
        self.environment = os.environ | {
            "ENVIRONMENT": "development",
            "DEBUG": "false",
            "DJANGO_SETTINGS_MODULE": "oc_lettings_site.settings",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "BEAT_FILE": str(folder / "beat"),
        }
        made = "from oc_lettings_site.tests.empty_database import make_tables; make_tables()"
        setup = [sys.executable, "-c", f"import django; django.setup(); {made}"]
        subprocess.run(setup, cwd=ROOT, env=self.environment, check=True, stdout=log)

    def redis(self):
        return process(*self._redis)

    def fast_worker(self, part):
        argv = (sys.executable, "-m", "background.tests.fast_worker", part)
        return process(*argv, environment=self.environment, log=self.log)

    def ends_well(self):
        """Deliver the rest, and tell that each mail arrived, and none that was not written."""
        with self.redis(), self.fast_worker("worker"):
            end = time.monotonic() + 60
            while set(states(self.database)[0]) != {"sent"} and time.monotonic() < end:
                time.sleep(0.5)
        ends, written = states(self.database)
        arrived = self.post.counted()
        assert len(ends) == NUMBER
        assert set(ends) == {"sent"}, Path(self.log.name).read_text()[-3000:]
        assert set(arrived) == written
        # A kill within the one window that mail leaves open makes a double; nothing else does.
        assert sum(arrived.values()) - NUMBER <= KILLS


@pytest.fixture
def stand(tmp_path):
    with smtp.server() as (post, port), (tmp_path / "log").open("w") as log:
        yield Stand(tmp_path, log, post, port)


def test_worker_and_broker_are_killed_and_no_mail_is_lost(stand):
    with stand.fast_worker("write") as writing:
        for number in range(KILLS):
            with stand.redis(), stand.fast_worker("worker"):
                at_work(stand.database)
                time.sleep(0.03 * number)
        assert writing.wait(60) == 0
    stand.ends_well()


def test_a_broker_that_dies_alone_loses_no_mail(stand):
    with stand.fast_worker("write") as writing, stand.fast_worker("worker") as worker:
        for number in range(KILLS):
            with stand.redis():
                at_work(stand.database)
                time.sleep(0.03 * number)
        assert writing.wait(60) == 0
        assert worker.poll() is None, "it ended with the first broker"
    stand.ends_well()
