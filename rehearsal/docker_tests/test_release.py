"""The programs of bin/ against the platform, with real images, registries and containers."""

import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import urllib3

from rehearsal.steady_load import Load

from .conftest import KEY, Client

ROOT = Path(__file__).resolve().parents[2]
# Newest last; the last takes away what the code of the others asks for.
HISTORY = ("old", "new", "bad-migration", "crash", "deaf", "lying", "untested", "drop")
DROP = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("lettings", "0001_initial")]
    operations = [migrations.RemoveField("letting", "price")]
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Make a git repository with a commit for each name of HISTORY; return its folder."""
    folder = tmp_path_factory.mktemp("clone")
    migrations = folder / "lettings" / "migrations"
    migrations.mkdir(parents=True)
    git(folder, "init", "--quiet")
    for name in HISTORY:
        if name in ("old", "drop"):
            file = migrations / ("0001_initial.py" if name == "old" else "0002_drop_price.py")
            file.write_text("" if name == "old" else DROP)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--allow-empty", "--message", name)
        git(folder, "tag", name)
    return folder


def git(folder, *words):
    who = ("-c", "user.name=trial", "-c", "user.email=trial@example.org")
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def commit(clone, build):
    """Return a function that returns a commit by its name, with its images in the registry."""

    @functools.cache
    def commit(name):
        found = git(clone, "rev-parse", name)
        build(found, name if name in ("bad-migration", "crash", "deaf", "lying") else "good")
        return found

    return commit


@pytest.fixture(scope="module")
def verb(heroku, heroku_registry, hub, clone):
    """Return a function that runs a program of deploy/ in the clone, as bin/ does."""

    def run(module, *words, ok=True, **environment):
        done = subprocess.run(
            [sys.executable, "-m", f"deploy.{module}", *words],
            cwd=clone,
            capture_output=True,
            text=True,
            env=os.environ
            | {
                "PYTHONPATH": str(ROOT),
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


@pytest.fixture(scope="module")
def site(heroku):
    """Make an app that hands over without a gap, and serves all these tests."""
    api = Client(heroku.url, KEY)
    shown = api("POST", "/apps", {"name": "trial-staging"}, status=201)
    api("PATCH", "/apps/trial-staging/features/preboot", {"enabled": True}, status=200)
    return shown


@pytest.fixture
def runs(verb, commit, site):
    """Return a function that makes the site run a commit, and returns that commit."""

    def runs(name):
        if live(site) != commit(name):
            release(verb, site, commit(name))
        return commit(name)

    return runs


def live(app):
    answer = urllib3.request("GET", app["web_url"] + "version", retries=False)
    return answer.json()["commit"] if answer.status == 200 else ""


def release(verb, app, commit, **options):
    return verb("heroku.release", "heroku", app["name"], "--commit", commit, **options)


def test_a_good_release_is_live_without_one_failed_request(verb, commit, runs, site, api):
    old, new = runs("old"), commit("new")
    with Load(site["web_url"]) as load:
        said = release(verb, site, new)
    assert "is ready" in said
    assert live(site) == new
    assert load.seen.asked > 50 and not load.seen.failed, load.seen
    assert [commit for _, commit in load.seen.commits] == [old, new]
    assert f"release process of {new} on release." in said
    described = [r["description"] for r in api("GET", f"/apps/{site['name']}/releases")]
    assert described[0].startswith("Deployed web (")
    assert "has these images already" in release(verb, site, new)


@pytest.mark.parametrize(
    ("behaviour", "heard"),
    [
        ("bad-migration", "the release process of"),
        ("crash", "web.1 crashed"),
        ("deaf", "web.1 crashed"),
        ("lying", "it says commit a-lie, which nobody released"),
    ],
)
def test_a_bad_release_leaves_the_old_one_serving(verb, commit, runs, site, behaviour, heard):
    before, bad = runs("new"), commit(behaviour)
    with Load(site["web_url"]) as load:
        said = release(verb, site, bad, ok=False)
    assert heard in said
    assert live(site) == before
    assert load.seen.asked > 20 and not load.seen.failed, load.seen


def test_a_commit_without_tested_images_is_refused(verb, clone, site):
    untested = git(clone, "rev-parse", "untested")
    assert f"has no image of {untested[:10]}" in release(verb, site, untested, ok=False)


def test_a_wrong_password_is_told_plainly(verb, commit, site):
    said = release(verb, site, commit("new"), ok=False, DOCKERHUB_TOKEN="wrong-password")
    assert "refuses the user or the token in DOCKERHUB_TOKEN" in said
    said = release(verb, site, commit("new"), ok=False, HEROKU_API_KEY="wrong-key")
    assert "was answered 401" in said


def test_promotion_gives_production_the_very_image_of_staging(
    verb, commit, runs, site, api, heroku
):
    new = runs("new")
    production = api("POST", "/apps", {"name": "trial-production"}, status=201)
    names = (site["name"], production["name"])
    said = verb("heroku.promote", *names, "--commit", commit("old"), ok=False)
    assert f"runs {new[:10]} by now, not {commit('old')[:10]}, which was approved" in said
    assert not api("GET", "/apps/trial-production/releases")
    # A later push to staging failed there: its image is the newest in the registry, and not live.
    release(verb, site, commit("bad-migration"), ok=False)
    said = verb("heroku.promote", *names, "--commit", new, ok=False)
    assert f"bin/release heroku {site['name']} --commit {new[:10]}" in said
    release(verb, site, new)
    said = verb("heroku.promote", *names, "--commit", new)
    assert live(production) == new
    images = [heroku.store.app(name).current.images["web"] for name in names]
    assert images[0] == images[1] and images[0] in said


def test_a_rollback_finds_the_commit_and_goes_back(verb, commit, runs, site):
    runs("old")
    runs("new")
    said = verb("heroku.rollback", site["name"])
    assert re.search(r"going back to v\d+, as v\d+", said)
    assert live(site) == commit("old")


def test_a_rollback_is_refused_when_older_code_cant_run_on_the_schema(
    verb, commit, runs, site, api
):
    before, now = runs("old"), runs("drop")
    releases = api("GET", f"/apps/{site['name']}/releases")
    with Load(site["web_url"]) as load:
        said = verb("heroku.rollback", site["name"], ok=False)
    assert f"{before[:10]} can't run on the schema that {now[:10]} left:" in said
    assert "lettings.0002_drop_price: RemoveField(letting.price)" in said
    assert "Go forward: git revert" in said
    back = f"heroku run -a {site['name']} -- python manage.py migrate lettings 0001_initial"
    assert back in said
    assert api("GET", f"/apps/{site['name']}/releases") == releases
    assert live(site) == now
    assert not load.seen.failed, load.seen
