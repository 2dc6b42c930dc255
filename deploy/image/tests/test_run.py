"""The image serves as it should, with a file system it can't write to."""

import json

import pytest

from .containers import SITE, container, docker, get, inspect, wait_until_healthy

# Every module of ours and of the requirements must come from bytecode that is never compared
# with its source: bit 0 set and bit 1 not, https://peps.python.org/pep-0552/
UNCOMPILED = """
import pathlib
for folder in ("/app", "/venv/lib"):
    for source in pathlib.Path(folder).rglob("*.py"):
        found = list((source.parent / "__pycache__").glob(source.stem + ".cpython-*.pyc"))
        if not found or found[0].read_bytes()[4] != 1:
            print(source)
"""


@pytest.fixture(scope="module")
def site(web):
    with container(web, **SITE) as identity:
        wait_until_healthy(identity)
        yield identity


@pytest.fixture(scope="module")
def migrated(site):
    """Return what /readyz said before the release process, and what that said."""
    return get(site, "/readyz").status, docker("exec", site, "bin/release-phase").stdout


def test_it_gets_ready_by_its_own_release_process(site, migrated):
    before, said = migrated
    assert before == 503
    assert "Applying lettings.0001_initial... OK" in said
    assert get(site, "/readyz").status == 200


def test_it_says_which_commit_it_is(site, source):
    assert json.loads(get(site, "/version").body)["commit"] == source.release


def test_pages_and_their_compressed_files_are_there(site, migrated):
    home = get(site, "/")
    assert home.status == 200
    start = home.body.index(b"/static/oc_lettings_site/site.")
    path = home.body[start : home.body.index(b'"', start)].decode()
    style = get(site, path, **{"Accept-Encoding": "br"})
    assert style.status == 200
    assert style.headers["Content-Encoding"] == "br"
    assert "immutable" in style.headers["Cache-Control"]


def test_it_is_nobody_in_particular(site, web):
    assert inspect(web)["Config"]["User"] == "10001:10001"
    assert docker("exec", site, "id", "-u").stdout.strip() == "10001"
    assert docker("exec", site, "touch", "/app/x", check=False).returncode != 0


def test_it_runs_for_a_user_of_the_platforms_choice(site):
    docker("exec", "--user", "31337", site, "python", "manage.py", "version")


def test_nothing_is_compiled_when_it_starts(site):
    assert docker("exec", site, "python", "-c", UNCOMPILED).stdout == ""


def test_the_health_check_fails_where_nothing_answers(site):
    done = docker("exec", "--env", "PORT=9", site, "python", "-I", "bin/livez", check=False)
    assert done.returncode == 1
    assert "refused" in done.stderr


def test_it_has_no_tools_to_fetch_with_in_its_health_check(web):
    assert inspect(web)["Config"]["Healthcheck"]["Test"] == ["CMD", "python", "-I", "bin/livez"]


def test_development_needs_what_the_image_does_not_have(site):
    done = docker("exec", site, "python", "-m", "pytest", check=False)
    assert "No module named pytest" in done.stderr
