"""The image serves, migrates and stops as it should, with a file system it can't write to."""

import json
import time
from contextlib import closing
from http.client import HTTPConnection

import pytest

from .docker import SITE, container, docker, inspect, run

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


def get(identity, path, **headers):
    port = docker("port", identity, "8000").stdout.split()[0].rpartition(":")[2]
    connection = HTTPConnection("127.0.0.1", int(port), timeout=10)
    with closing(connection):
        connection.request("GET", path, headers={"Host": "localhost", **headers})
        response = connection.getresponse()
        return response, response.read()


def state(identity):
    return json.loads(docker("container", "inspect", identity).stdout)[0]["State"]


def wait_until_healthy(identity):
    end = time.monotonic() + 60
    while state(identity)["Health"]["Status"] != "healthy":
        logs = docker("logs", identity)
        assert time.monotonic() < end and state(identity)["Running"], logs.stdout + logs.stderr
        time.sleep(0.5)


@pytest.fixture(scope="module")
def site(web):
    with container(web, **SITE) as identity:
        wait_until_healthy(identity)
        yield identity


def test_it_gets_ready_by_its_own_release_process(site):
    assert get(site, "/readyz")[0].status == 503
    done = docker("exec", site, "bin/release-phase")
    assert "Applying lettings.0001_initial... OK" in done.stdout
    assert get(site, "/readyz")[0].status == 200


def test_it_says_which_commit_it_is(site, clone):
    assert json.loads(get(site, "/version")[1])["commit"] == clone.commit


def test_pages_and_their_compressed_files_are_there(site):
    docker("exec", site, "bin/release-phase")
    response, page = get(site, "/")
    assert response.status == 200
    start = page.index(b"/static/oc_lettings_site/site.")
    path = page[start : page.index(b'"', start)].decode()
    response, _ = get(site, path, **{"Accept-Encoding": "br"})
    assert response.status == 200
    assert response.getheader("Content-Encoding") == "br"
    assert "immutable" in response.getheader("Cache-Control")


def test_it_is_nobody_in_particular(site, web):
    assert inspect(web)["Config"]["User"] == "10001:10001"
    assert docker("exec", site, "id", "-u").stdout.strip() == "10001"
    assert docker("exec", site, "touch", "/app/x", check=False).returncode != 0


def test_it_runs_for_a_user_of_the_platforms_choice(web):
    done = docker("run", "--rm", "--user", "31337", web, "python", "manage.py", "version")
    assert done.returncode == 0


def test_nothing_is_compiled_when_it_starts(site):
    assert docker("exec", site, "python", "-c", UNCOMPILED).stdout == ""


def test_the_health_check_fails_where_nothing_answers(site):
    done = docker("exec", "--env", "PORT=9", site, "python", "-I", "bin/livez", check=False)
    assert done.returncode == 1
    assert "refused" in done.stderr


def test_it_has_no_tools_to_fetch_with_in_its_health_check(web):
    assert inspect(web)["Config"]["Healthcheck"]["Test"] == ["CMD", "python", "-I", "bin/livez"]


def test_it_listens_where_the_platform_says(web):
    with container(web, **SITE, PORT="5123") as identity:
        end = time.monotonic() + 30
        check = ("exec", identity, "python", "-I", "bin/livez")
        while docker(*check, check=False).returncode and time.monotonic() < end:
            time.sleep(0.5)
        assert docker(*check).returncode == 0


def test_it_stops_by_itself_when_asked(web):
    with container(web, **SITE) as identity:
        wait_until_healthy(identity)
        docker("stop", "--time", "20", identity)
        assert state(identity)["ExitCode"] == 0


def test_a_release_stops_when_asked(release):
    # It waits for a lock that a second process of the same container holds.
    with container(release, "sleep", "60", **SITE) as identity:
        hold = "import fcntl,time; f=open('/tmp/db.sqlite3-release','w'); fcntl.flock(f,2)"
        docker("exec", "--detach", identity, "python", "-c", f"{hold}; time.sleep(60)")
        waiting = "bin/release-phase & sleep 20; kill $!; wait $!; echo ended $?"
        done = docker("exec", identity, "bash", "-c", waiting)
    assert "another release is at work" in done.stdout
    assert "ended 143" in done.stdout


def test_without_settings_it_names_them_and_ends(web, release):
    for image in (web, release):
        done = run(image)
        assert done.returncode != 0
        for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"):
            assert f"{name}: not set" in done.stdout + done.stderr


def test_the_release_image_migrates(release):
    done = run(release, **SITE)
    assert done.returncode == 0, done.stderr
    assert "] done" in done.stdout


def test_development_needs_what_the_image_does_not_have(web):
    assert "No module named pytest" in run(web, "python", "-m", "pytest").stderr
