"""A sender is killed at each step of a delivery: each mail still arrives once."""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

from . import smtp
from .killed_senders import ROUNDS, STEPS

ROOT = Path(__file__).resolve().parents[2]


def test_fifty_kills_at_every_step(tmp_path):
    with smtp.server() as (post, port):
        done = subprocess.run(
            [sys.executable, "-m", "background.tests.killed_senders", str(port)],
            cwd=ROOT,
            env=os.environ
            | {
                "ENVIRONMENT": "test",
                "DJANGO_SETTINGS_MODULE": "oc_lettings_site.settings",
                "DATABASE_URL": f"sqlite:///{tmp_path}/db",
                "REDIS_URL": "",
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        arrived = post.counted()
    mails = json.loads(done.stdout)
    assert {state for _, _, state in mails} == {"sent"}
    copies = defaultdict(Counter)
    for step, message_id, _ in mails:
        copies[step][arrived.pop(message_id, 0)] += 1
    assert not arrived, "something arrived that nobody wrote"
    each = ROUNDS // len(STEPS)
    expected = {step: {1: each} for step in STEPS}
    # The one window that mail leaves open: taken by the server, and not yet noted here.
    expected["taken"] = {2: each}
    assert copies == expected
