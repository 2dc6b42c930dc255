"""The limits of dynos: boot time-outs, crashes, slow requests, stops, disks, restarts."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3

from deploy.image.docker import docker
from rehearsal.heroku.stand_in import StandIn

from .conftest import KEY, Client


def push(build, app, registry, commit, behaviour="good"):
    """Put an image of this behaviour into the app's repository; return its id."""
    repository = build(commit, behaviour)
    target = f"{registry.address}/{app['name']}/web"
    docker("login", "--username", "_", "--password", KEY, registry.address)
    docker("tag", f"{repository}:{commit}", target)
    docker("push", "-q", target)
    docker("logout", registry.address)
    docker("rmi", target)
    inspected = docker("image", "inspect", "--format", "{{.Id}}", f"{repository}:{commit}")
    return inspected.stdout.strip()


@pytest.fixture
def run(api, app, build, heroku_registry, heroku):
    """Return a function that releases an image and waits for the dyno's state."""

    def release(commit, behaviour="good", state="up"):
        image = push(build, app, heroku_registry, commit, behaviour)
        api(
            "PATCH",
            f"/apps/{app['name']}/formation",
            {"updates": [{"type": "web", "docker_image": image}]},
            status=200,
            Accept="application/vnd.heroku+json; version=3.docker-releases",
        )
        wait_for(heroku, app, state)

    return release


def wait_for(heroku, app, state, version=None):
    end = time.monotonic() + 40
    while True:
        dynos = heroku.store.app(app["name"]).dynos
        found = [d for d in dynos if d.state == state]
        if found and all(version in (None, d.release.version) for d in dynos):
            return found[0]
        assert time.monotonic() < end, [(d.name, d.state) for d in dynos]
        time.sleep(0.1)


def get(app, path, **headers):
    return urllib3.request(
        "GET", app["web_url"] + path, headers=headers, retries=False, timeout=20
    )


def said(heroku, app, words, seconds=5):
    """Return whether the log has the words, or gets them within the seconds."""
    end = time.monotonic() + seconds
    while True:
        lines = "\n".join(heroku.store.app(app["name"]).log.lines())
        if words in lines or time.monotonic() > end:
            return words in lines
        time.sleep(0.05)


def test_what_the_router_adds_and_what_a_client_can_not_make_up(run, app):
    run("1" * 40)
    given = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Request-ID": "x"}
    seen = get(app, "headers", **given).json()
    assert seen["X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"
    assert seen["X-Forwarded-Proto"] == "http"
    assert len(seen["X-Request-ID"]) == 36
    kept = get(app, "headers", **{"X-Request-ID": "a" * 30}).json()
    assert kept["X-Request-ID"] == "a" * 30
    body = urllib3.request("POST", app["web_url"], body=b"x" * 300_000)
    assert len(body.data) == 300_000
    secure = urllib3.PoolManager(cert_reqs="CERT_NONE", assert_hostname=False)
    with pytest.warns(urllib3.exceptions.InsecureRequestWarning):
        answer = secure.request("GET", app["web_url"].replace("http:", "https:") + "headers")
    assert answer.json()["X-Forwarded-Proto"] == "https"


def test_an_app_without_a_release(app, heroku):
    assert get(app, "").status == 503
    assert said(heroku, app, 'at=error code=H14 desc="No web processes running"')


def test_a_deaf_image_is_stopped_by_r10_and_answers_h10(run, app, heroku):
    run("2" * 40, "deaf", state="crashed")
    answer = get(app, "")
    assert answer.status == 503 and b"Application error" in answer.data
    r10 = "Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 4 seconds"
    assert said(heroku, app, r10)
    assert said(heroku, app, "Process exited with status 137")
    assert said(heroku, app, 'at=error code=H10 desc="App crashed" method=GET path="/"')


def test_a_slow_answer_is_h12(run, app, heroku):
    run("1" * 40)
    assert get(app, "slow?7").status == 503
    assert said(heroku, app, 'code=H12 desc="Request timeout"')
    assert get(app, "slow?1").status == 200


def test_a_dyno_that_falls_over_is_started_again_on_a_clean_disk(run, app, heroku):
    run("1" * 40)
    assert get(app, "disk").json()["before"] is False
    assert get(app, "disk").json()["before"] is True
    first = wait_for(heroku, app, "up").id
    assert get(app, "die").status == 503
    assert said(heroku, app, 'code=H13 desc="Connection closed without response"')
    end = time.monotonic() + 20
    while wait_for(heroku, app, "up").id == first:
        assert time.monotonic() < end
        time.sleep(0.1)
    seen = get(app, "disk").json()
    assert seen["before"] is False and seen["uid"] >= 20000


def test_a_config_change_restarts_without_a_failed_request(run, app, api, heroku):
    run("1" * 40)
    assert get(app, "env").json()["GREETING"] is None
    api("PATCH", f"/apps/{app['name']}/config-vars", {"GREETING": "hello"}, status=200)
    with ThreadPoolExecutor(4) as pool:
        asked = []
        while get(app, "env").json()["GREETING"] != "hello":
            asked += pool.map(lambda _: get(app, "page").status, range(4))
    wait_for(heroku, app, "up", version=2)
    assert set(asked) == {200}
    assert get(app, "env").json()["DYNO"] == "web.1"


def test_a_request_under_way_is_finished_before_a_dyno_goes(run, app, api):
    run("1" * 40)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(get, app, "slow?1.5")
        time.sleep(0.3)
        api("PATCH", f"/apps/{app['name']}/config-vars", {"GREETING": "hello"}, status=200)
        assert slow.result().status == 200


def test_a_process_that_ignores_sigterm_is_killed(run, app, api, heroku):
    run("3" * 40, "stubborn")
    api("PATCH", f"/apps/{app['name']}/config-vars", {"GREETING": "hello"}, status=200)
    assert said(heroku, app, "Error R12 (Exit timeout)", seconds=30)


def test_without_preboot_a_release_that_crashes_takes_the_site_down(run, app, api, heroku):
    run("1" * 40)
    api("PATCH", f"/apps/{app['name']}/features/preboot", {"enabled": False}, status=200)
    run("4" * 40, "crash", state="crashed")
    assert get(app, "").status == 503


def test_nothing_is_left_behind(tmp_path, heroku_registry, build):
    with StandIn(tmp_path, heroku_registry.address, KEY, boot=10) as heroku:
        api = Client(heroku.url, KEY)
        app = api("POST", "/apps", {"name": "left-behind"}, status=201)
        image = push(build, app, heroku_registry, "1" * 40)
        api(
            "PATCH",
            "/apps/left-behind/formation",
            {"updates": [{"type": "web", "docker_image": image}]},
            status=200,
            Accept="application/vnd.heroku+json; version=3.docker-releases",
        )
        wait_for(heroku, app, "up")
        containers = ("ps", "-aq", "--filter", f"label={heroku.engine.label}")
        images = ("image", "ls", "-q", "--filter", f"reference={heroku_registry.address}/left*/*")
        assert docker(*containers).stdout and docker(*images).stdout
    assert not docker(*containers).stdout and not docker(*images).stdout
    with pytest.raises(urllib3.exceptions.HTTPError):
        get(app, "")
