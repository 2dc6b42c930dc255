"""The programs of bin/ against the platform, with real images, registries and containers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import urllib3

from rehearsal.load import Load

from .conftest import KEY

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = "1" * 40, "2" * 40


@pytest.fixture
def verb(heroku, heroku_registry, hub, tmp_path, monkeypatch):
    """Give a function that runs a program of deploy/ as bin/ does; git knows every commit."""
    fake = tmp_path / "git"
    fake.write_text(
        '#!/bin/sh\ncase "$1" in rev-parse) echo "${3%%^*}";; log) cat "$FAKE_LOG";; esac\n'
    )
    fake.chmod(0o755)
    (tmp_path / "log").write_text(f"{NEW}\n{OLD}\n")

    def run(module, *words, ok=True, **environment):

        done = subprocess.run(
            [sys.executable, "-m", f"deploy.{module}", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env=os.environ
            | {
                "PATH": f"{tmp_path}:{os.environ['PATH']}",
                "FAKE_LOG": str(tmp_path / "log"),
                "HEROKU_API_URL": heroku.url,
                "HEROKU_REGISTRY": heroku_registry.address,
                "HEROKU_API_KEY": KEY,
                "IMAGE_REPOSITORY": f"{hub.address}/trial",
                "DOCKERHUB_USERNAME": "you",
                "DOCKERHUB_TOKEN": "hub-password",
                "VERB": module.rpartition(".")[2],
            }
            | environment,
        )
        said = done.stdout + done.stderr
        assert (done.returncode == 0) == ok, said
        for secret in (KEY, "hub-password"):
            assert secret not in said
        return said

    return run


def live(app):
    return urllib3.request("GET", app["web_url"] + "version").json()["commit"]


def release(verb, app, commit, **options):
    return verb("heroku.release", "heroku", app["name"], "--commit", commit, **options)


def test_a_good_release_is_live_without_one_failed_request(verb, build, app, api):
    build(OLD)
    build(NEW)
    assert "is ready" in release(verb, app, OLD)
    with Load(app["web_url"]) as load:
        said = release(verb, app, NEW)
    assert live(app) == NEW
    assert load.seen.asked > 50 and not load.seen.failed, load.seen
    assert [commit for _, commit in load.seen.commits] == [OLD, NEW]
    assert f"release process of {NEW} on release." in said
    described = [r["description"] for r in api("GET", f"/apps/{app['name']}/releases")]
    assert [words.split(" (")[0] for words in described] == ["Deployed web"] * 2
    assert "has these images already" in release(verb, app, NEW)


@pytest.mark.parametrize(
    ("behaviour", "heard"),
    [
        ("bad-migration", "the release process of"),
        ("crash", "web.1 crashed"),
        ("deaf", "web.1 crashed"),
        ("lying", "it says commit a-lie, which nobody released"),
    ],
)
def test_a_bad_release_leaves_the_old_one_serving(verb, build, app, behaviour, heard):
    bad = {"bad-migration": "3", "crash": "4", "deaf": "5", "lying": "7"}[behaviour] * 40
    build(OLD)
    build(bad, behaviour)
    release(verb, app, OLD)
    with Load(app["web_url"]) as load:
        said = release(verb, app, bad, ok=False)
    assert heard in said
    assert live(app) == OLD
    assert load.seen.asked > 20 and not load.seen.failed, load.seen


def test_an_image_that_reports_another_commit_is_not_trusted(verb, build, app):
    build(OLD)
    release(verb, app, OLD)
    assert "has no image of 9999999999" in release(verb, app, "9" * 40, ok=False)


def test_a_wrong_password_is_told_plainly(verb, build, app):
    build(OLD)
    said = release(verb, app, OLD, ok=False, DOCKERHUB_TOKEN="wrong-password")
    assert "refuses the user or the token in DOCKERHUB_TOKEN" in said
    said = release(verb, app, OLD, ok=False, HEROKU_API_KEY="wrong-key")
    assert "was answered 401" in said


def test_promotion_gives_production_the_very_image_of_staging(verb, build, app, api, heroku):
    build(NEW)
    release(verb, app, NEW)
    production = api("POST", "/apps", {"name": app["name"] + "-p"}, status=201)
    said = verb("heroku.promote", app["name"], production["name"])
    assert live(production) == NEW
    images = [heroku.store.app(a["name"]).current.images["web"] for a in (app, production)]
    assert images[0] == images[1] and images[0] in said


def test_a_rollback_finds_the_commit_and_goes_back(verb, build, app):
    build(OLD)
    build(NEW)
    release(verb, app, OLD)
    release(verb, app, NEW)
    said = verb("heroku.rollback", app["name"])
    assert "going back to v1, as v3" in said
    assert live(app) == OLD
