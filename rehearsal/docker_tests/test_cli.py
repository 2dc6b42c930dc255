"""The real Heroku CLI takes the platform for Heroku."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from deploy.image.commands import PROCESSES
from deploy.image.docker import docker

from .conftest import KEY

CLI = Path(__file__).parents[1] / "heroku" / "cli"
COMMIT = "6" * 40


@pytest.fixture
def cli(heroku, tmp_path):
    """Return a function that runs the CLI with an empty home."""
    if not (shutil.which("npm") or os.environ.get("HEROKU_CLI")):
        pytest.skip("the Heroku CLI comes from npm, which is not installed")
    # Installed first, if need be: with the platform's variables npm would ask the platform for it.
    subprocess.run([str(CLI), "version"], check=True, capture_output=True, cwd=tmp_path)
    environment = os.environ | heroku.cli_environment(KEY, tmp_path)

    def run(*words):
        # Not here: it would give this repository a remote.
        done = subprocess.run(
            [str(CLI), *words], capture_output=True, text=True, env=environment, cwd=tmp_path
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def test_a_day_with_the_cli(cli, app, build, heroku_registry):
    name = ("-a", app["name"])
    repository = build(COMMIT)
    docker("login", "--username", "_", "--password", KEY, heroku_registry.address)
    for process, suffix in PROCESSES.items():
        target = f"{heroku_registry.address}/{app['name']}/{process}"
        docker("tag", f"{repository}:{COMMIT}{suffix}", target)
        docker("push", "-q", target)
        docker("rmi", target)
    docker("logout", heroku_registry.address)

    assert "done" in cli("container:release", *PROCESSES, *name)
    wait_for_web(cli, name)
    assert "Deployed web (" in cli("releases", *name)
    logs = cli("logs", "-n", "50", *name)
    assert f"app[release.1001]: release process of {COMMIT}" in logs
    assert "heroku[web.1]: State changed from starting to up" in logs

    assert "done, v2" in cli("config:set", "GREETING=hello", *name)
    assert "GREETING: hello" in cli("config", *name)
    assert "Set GREETING config vars" in cli("releases:info", "v2", *name)
    assert "done, v3" in cli("rollback", "v1", *name)
    assert "GREETING" not in cli("config", *name)
    releases = cli("releases", *name)
    assert "Rollback to v1" in releases and "Set GREETING config vars" in releases

    assert cli("run", "--exit-code", "echo $DYNO $RELEASE", *name).count(COMMIT) == 1
    assert "run." in cli("run:detached", "echo hello from a dyno", *name)
    time.sleep(2)
    assert "hello from a dyno" in cli("logs", "--dyno", "run", *name)

    made = cli("pipelines:create", "trial", "-s", "staging", *name)
    assert f"Adding {app['name']} to trial pipeline as staging... done" in made


def wait_for_web(cli, name):
    end = time.monotonic() + 60
    while "web.1: up" not in (shown := cli("ps", *name)):
        assert time.monotonic() < end, shown
