"""A real worker over a real Redis, both killed while a site sends mail: each mail arrives.

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
from .hurried import NUMBER

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


def test_worker_and_broker_are_killed_and_no_mail_is_lost(tmp_path):
    redis_port, database = smtp.free_port(), tmp_path / "db"
    redis = ("redis-server", "--port", str(redis_port), "--save", "", "--dir", str(tmp_path))
    hurried = (sys.executable, "-m", "background.tests.hurried")
    with smtp.server() as (post, port), (tmp_path / "log").open("w") as log:
        environment = os.environ | {
            "ENVIRONMENT": "development",
            "DEBUG": "false",
            "DJANGO_SETTINGS_MODULE": "oc_lettings_site.settings",
            "DATABASE_URL": f"sqlite:///{database}",
            "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "BEAT_FILE": str(tmp_path / "beat"),
        }
        made = "from oc_lettings_site.tests.tables import make_tables; make_tables()"
        setup = f"import django; django.setup(); {made}"
        subprocess.run(
            [sys.executable, "-c", setup], cwd=ROOT, env=environment, check=True, stdout=log
        )
        with process(*hurried, "write", environment=environment, log=log) as writing:
            for number in range(KILLS):
                # The broker comes back without what it held: Redis keeps nothing here.
                with process(*redis):
                    with process(*hurried, "worker", environment=environment, log=log):
                        at_work(database)
                        time.sleep(0.03 * number)
            assert writing.wait(60) == 0
        with process(*redis), process(*hurried, "worker", environment=environment, log=log):
            end = time.monotonic() + 60
            while set(states(database)[0]) != {"sent"} and time.monotonic() < end:
                time.sleep(0.5)
        ends, written = states(database)
        arrived = post.counted()
    assert len(ends) == NUMBER
    assert set(ends) == {"sent"}, (tmp_path / "log").read_text()[-3000:]
    assert set(arrived) == written
    # A kill within the one window that mail leaves open makes a double, and nothing else does.
    assert sum(arrived.values()) - NUMBER <= KILLS
