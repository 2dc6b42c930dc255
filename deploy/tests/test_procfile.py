"""The Procfile as it is written, and what Heroku reads beside it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

from deploy.accounts.heroku import ADDONS
from deploy.image import commands

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def ready(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_honcho_migrates_and_serves_and_stops(tmp_path, port):
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "ENVIRONMENT": "test",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db",
        "PORT": str(port),
    }
    with (tmp_path / "log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "honcho", "start", "web", "release"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            end = time.monotonic() + 60
            while not ready(port) and time.monotonic() < end and process.poll() is None:
                time.sleep(0.2)
            assert ready(port), (tmp_path / "log").read_text()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    assert " 0 migrations to apply" not in (tmp_path / "log").read_text()


def test_the_image_runs_the_same_lines():
    dockerfile = (ROOT / "Dockerfile").read_text()
    for process, line in PROCESSES.items():
        assert f"AS {process}\n" in dockerfile
        assert f"CMD {json.dumps(line.split())}" in dockerfile
    assert set(PROCESSES) == set(commands.PROCESSES)


def test_every_process_has_a_size_and_compose_runs_the_same_commands():
    formation = json.loads((ROOT / "app.json").read_text())["formation"]
    assert set(formation) == set(PROCESSES) - {"release"}
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for name in ("worker", "beat"):
        assert services[name]["command"] == PROCESSES[name].split()


def test_compose_gives_work_at_hand_as_long_as_heroku_does():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert {services[name].get("stop_grace_period") for name in ("web", "worker")} == {"30s"}
    gunicorn = (ROOT / "gunicorn.conf.py").read_text()
    assert int(re.search(r"^graceful_timeout = (\d+)$", gunicorn, re.MULTILINE)[1]) < 30


def test_app_json_sets_what_production_wants_and_nothing_unknown():
    from oc_lettings_site.settings import env

    app = json.loads((ROOT / "app.json").read_text())
    asked = set(app["env"])
    assert asked <= set(env.variables)
    # What is uploaded to a dyno's own disk is gone within a day.
    assert {name for name in env.variables if name.startswith("S3_")} <= asked
    # DATABASE_URL comes with the add-on.
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "ENVIRONMENT", "TRUSTED_PROXIES"} <= asked
    assert any(addon.startswith("heroku-postgresql") for addon in app["addons"])
    # Web, worker and beat hold some thirty connections; of mini's 20 the worker got too few.
    assert "heroku-redis:premium-0" in app["addons"]
    assert tuple(app["addons"]) == ADDONS, "bin/setup-accounts adds others"


def test_app_json_starts_production_with_the_redis_of_heroku():
    values = {
        name: given.get("value", "0123456789abcdef" * 4)
        for name, given in json.loads((ROOT / "app.json").read_text())["env"].items()
        if given.get("required", True)
    }
    values |= {"DATABASE_URL": "postgres://u:p@h/n", "REDIS_URL": "rediss://:p@h:6379"}
    values |= {"HEROKU_SLUG_COMMIT": "4f2a9c1", "PATH": os.environ["PATH"]}
    told = (
        "import oc_lettings_site.settings as s; print(s.CACHES['shared']['LOCATION'], s.RELEASE)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=values, capture_output=True, text=True
    )
    assert done.stdout == "rediss://:p@h:6379?ssl_cert_reqs=none 4f2a9c1\n", done.stderr
