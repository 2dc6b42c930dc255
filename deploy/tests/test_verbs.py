"""Each program: a dry run changes nothing and prints every call; a missing secret is named."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.cli import main

ROOT = Path(__file__).parents[2]
VERBS = {
    "release": (["heroku", "oc"], "PATCH https://api.heroku.com/apps/oc/formation"),
    "promote": (
        ["oc-staging", "oc"],
        "copy registry.heroku.com/oc-staging/web@$DIGEST to registry.heroku.com/oc/web",
    ),
    "rollback": (["oc", "v3"], "POST https://api.heroku.com/apps/oc/releases"),
    "smoke": (["https://oc.example"], "GET https://oc.example/readyz"),
    "sentry-release": (["staging"], "/releases/%24COMMIT/deploys/"),
    "setup-accounts": ([], "POST https://api.heroku.com/apps "),
    "sentry-proof": (["heroku:oc"], "GET https://oc.herokuapp.com/sentry-debug/"),
}


NOWHERE = {"HTTPS_PROXY": "http://127.0.0.1:9", "DOCKER_HOST": "tcp://127.0.0.1:9"}


def run(verb, *words):
    """Run a verb where no secret is set and the network leads nowhere."""
    kept = ("PATH", "HOME", "COVERAGE_")
    environment = {k: v for k, v in os.environ.items() if k.startswith(kept)} | NOWHERE
    return subprocess.run(
        [ROOT / "bin" / verb, *words], capture_output=True, text=True, env=environment
    )


@pytest.fixture
def ended(monkeypatch, capsys):
    """Return a function that runs a program in this process: its exit code and its output."""

    def ended(verb, *words):
        script = (ROOT / "bin" / verb).read_text()
        [module] = re.findall(r"^exec \.venv/bin/python -m (\S+)", script, re.M)
        for name in ("HEROKU_API_KEY", "SENTRY_AUTH_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        for name, value in (NOWHERE | {"VERB": verb}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", [verb, *words])
        with pytest.raises(SystemExit) as end:
            main(importlib.import_module(module).program)
        return end.value.code, *capsys.readouterr()

    return ended


@pytest.mark.parametrize("verb", VERBS)
def test_a_dry_run_prints_the_calls(verb):
    words, call = VERBS[verb]
    done = run(verb, *words, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert call in done.stdout


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"smoke", "setup-accounts"}))
def test_a_missing_secret_is_named_with_what_to_do(ended, verb):
    code, _, errors = ended(verb, *VERBS[verb][0])
    token = "SENTRY_AUTH_TOKEN" if "sentry" in verb else "HEROKU_API_KEY"
    assert code == 1
    assert errors.startswith(f"\n{verb}: {token} is not set.")


@pytest.mark.parametrize("verb", VERBS)
def test_help_says_what_it_is_for(ended, verb):
    code, said, _ = ended(verb, "--help")
    assert code == 0
    assert f"bin/{verb}" in said and "--dry-run" in said


def test_sentry_is_told_the_address_that_the_platform_tells():
    done = run("sentry-release", "production", "--url", "heroku:oc", "--dry-run")
    assert '"url": "https://oc.herokuapp.com"' in done.stdout
