"""Each verb: a dry run touches nothing and names every call; a missing secret is named."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERBS = {
    "release": (["heroku", "oc"], "PATCH https://api.heroku.com/apps/oc/formation"),
    "promote": (["oc-staging", "oc"], "docker push --quiet registry.heroku.com/oc/web"),
    "rollback": (["oc", "v3"], "POST https://api.heroku.com/apps/oc/releases"),
    "smoke": (["https://oc.example"], "GET https://oc.example/readyz"),
    "sentry-release": (["staging"], "/releases/%24COMMIT/deploys/"),
    "sentry-proof": (["heroku:oc"], "GET https://oc.herokuapp.com/sentry-debug/"),
}


def run(verb, *words):
    """Run a verb where no secret is set and the network leads nowhere."""
    kept = ("PATH", "HOME", "COVERAGE_")
    environment = {k: v for k, v in os.environ.items() if k.startswith(kept)}
    environment |= {"HTTPS_PROXY": "http://127.0.0.1:9", "DOCKER_HOST": "tcp://127.0.0.1:9"}
    return subprocess.run(
        [ROOT / "bin" / verb, *words], capture_output=True, text=True, env=environment
    )


@pytest.mark.parametrize("verb", VERBS)
def test_a_dry_run_prints_the_calls(verb):
    words, call = VERBS[verb]
    done = run(verb, *words, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert call in done.stdout


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"smoke"}))
def test_a_missing_secret_is_named_with_what_to_do(verb):
    done = run(verb, *VERBS[verb][0])
    token = "SENTRY_AUTH_TOKEN" if "sentry" in verb else "HEROKU_API_KEY"
    assert done.returncode == 1
    assert done.stderr.startswith(f"\n{verb}: {token} is not set.")


@pytest.mark.parametrize("verb", VERBS)
def test_help_says_what_it_is_for(verb):
    done = run(verb, "--help")
    assert f"bin/{verb}" in done.stdout and "--dry-run" in done.stdout


def test_sentry_is_told_the_address_that_the_platform_tells():
    done = run("sentry-release", "production", "--url", "heroku:oc", "--dry-run")
    assert '"url": "https://oc.herokuapp.com"' in done.stdout
