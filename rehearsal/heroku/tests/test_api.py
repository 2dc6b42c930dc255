"""Every endpoint answers by the published schema, and refuses in Heroku's words; no Docker."""

import json
import re
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest
import urllib3

from rehearsal.heroku.api import ROUTES
from rehearsal.heroku.dynos import Engine
from rehearsal.heroku.stand_in import StandIn

KEY = "a-key-for-trials"
SCHEMA = json.loads((Path(__file__).parents[1] / "schema.json").read_text())
IMAGE = "sha256:" + "a" * 64


class Idle(Engine):
    """An engine whose containers end at once, with a code of the test's choice."""

    code = 0

    def docker(self, *words):
        return self._shell("true")

    def clean(self):
        pass

    def pull(self, app, process, digest):
        pass

    def has_curl(self, image):
        return True

    def command_of(self, image):
        return "gunicorn oc_lettings_site.wsgi"

    def start(self, name, image, config, command="", terminal=False):
        return subprocess.Popen(
            ["sh", "-c", f"echo started {name.rpartition('-')[0]}; exit {self.code}"],
            stdout=subprocess.PIPE,
            text=True,
        )

    def _shell(self, command):
        return subprocess.run(["sh", "-c", command], capture_output=True, text=True)


@pytest.fixture
def heroku(tmp_path, monkeypatch):
    """Run the platform without Docker; every image counts as pushed."""
    monkeypatch.setattr("rehearsal.heroku.stand_in.Engine", Idle)
    with StandIn(tmp_path, "127.0.0.1:9", KEY, boot=0.2, term=0.2) as stand_in:
        stand_in.platform.images.fetch = lambda app, process, image: None
        yield stand_in
    Idle.code = 0


@pytest.fixture
def api(heroku):
    """Return a function that calls the API and returns status and body."""
    http = urllib3.PoolManager(timeout=10, retries=False)

    def call(method, path, body=None, key=KEY, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"Accept": "application/vnd.heroku+json; version=3"} | headers
        headers["Authorization"] = f"Bearer {key}"
        options = {} if body is None else {"json": body}
        answer = http.request(method, heroku.url + path, headers=headers, **options)
        return answer.status, answer.json() if answer.data else None

    yield call
    http.clear()


def on_heroku(app):
    """Return an app as shown, its address replaced: no port of this machine is Heroku's."""
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", app["web_url"])
    return app | {"web_url": f"https://{app['name']}.herokuapp.com/"}


def validate(shown, definition):
    """Check against a definition of the schema, formats too, and that no property is missing."""
    schema = {"$ref": f"#/definitions/{definition}", "definitions": SCHEMA["definitions"]}
    checker = jsonschema.Draft4Validator.FORMAT_CHECKER
    jsonschema.Draft4Validator(schema, format_checker=checker).validate(shown)
    properties = set(SCHEMA["definitions"][definition]["properties"])
    assert set(shown) <= properties, f"unknown: {set(shown) - properties}"
    optional = {"country_of_residence"}
    assert properties - set(shown) <= optional, f"missing: {properties - set(shown)}"


def eventually(check):
    """Return the first true answer, within a few seconds."""
    end = time.monotonic() + 10
    while not (answer := check()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return answer


def test_every_endpoint_is_one_of_the_schema():
    published = set()
    for definition in SCHEMA["definitions"].values():
        for link in definition.get("links", []):
            published.add((link["method"], re.sub(r"{.*?\)}", "{}", link["href"])))
    # The schema lacks what only the CLI's variants of the API have, or names it elsewhere.
    known = {("PATCH", "/apps/{}/config-vars"), ("GET", "/apps/{}/config-vars")}
    known |= {("POST", "/pipeline-promotions"), ("GET", "/users/~/apps"), ("GET", "/users/{}")}
    known.add(("GET", "/apps/{}/releases/{}/config-vars"))
    for method, pattern, _ in ROUTES:
        path = re.sub(r"\(\?P<\w+>\[\^/\]\+\)", "{}", pattern.pattern.removesuffix("/?"))
        assert (method, path) in published | known, f"{method} {path} is not Heroku's"


def test_account_and_apps(api):
    validate(api("GET", "/account")[1], "account")
    validate(api("GET", "/users/~")[1], "account")
    status, app = api("POST", "/apps", {"name": "lettings"})
    assert status == 201
    validate(on_heroku(app), "app")
    validate(on_heroku(api("GET", "/apps/lettings")[1]), "app")
    validate(on_heroku(api("GET", f"/apps/{app['id']}")[1]), "app")
    assert [a["name"] for a in api("GET", "/apps")[1]] == ["lettings"]
    assert api("PATCH", "/apps/lettings", {"maintenance": True})[1]["maintenance"] is True


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", "/apps/nobody", None, 404, "Couldn't find that app."),
        ("GET", "/apps/lettings/releases/77", None, 404, "Couldn't find that release."),
        ("GET", "/apps/lettings/dynos/web.9", None, 404, "Couldn't find that dyno."),
        ("GET", "/nowhere", None, 404, "The requested API endpoint was not found."),
        ("POST", "/apps", {"name": "lettings"}, 422, "Name lettings is already taken"),
        ("POST", "/apps", {"name": "9"}, 422, "Name must start with a letter."),
        ("POST", "/apps/lettings/dynos", {"command": "ls"}, 422, "no release to run"),
        ("POST", "/apps/lettings/dynos", {"attach": True}, 422, "command is required"),
        (
            "PATCH",
            "/apps/lettings/formation",
            {"updates": [{"docker_image": "x"}]},
            400,
            "understood",
        ),
        ("GET", "/apps/lettings/features/other", None, 404, "Couldn't find that app feature."),
        ("GET", "/apps/lettings/pipeline-couplings", None, 404, "pipeline coupling"),
    ],
)
def test_refusals(api, method, path, body, status, words):
    api("POST", "/apps", {"name": "lettings"})
    found, said = api(method, path, body)
    assert found == status and words in said["message"] and said["id"]


def test_a_wrong_key(api):
    assert api("GET", "/apps", key="wrong") == (
        401,
        {"id": "unauthorized", "message": "Invalid credentials provided."},
    )


def released(api, name="lettings", image=IMAGE, kinds=("web",)):
    """Release an image for process types; return the status."""
    variant = "application/vnd.heroku+json; version=3.docker-releases"
    updates = [{"type": kind, "docker_image": image} for kind in kinds]
    return api("PATCH", f"/apps/{name}/formation", {"updates": updates}, Accept=variant)[0]


def test_a_release_of_images(api):
    api("POST", "/apps", {"name": "lettings"})
    plain = api(
        "PATCH", "/apps/lettings/formation", {"updates": [{"type": "web", "docker_image": IMAGE}]}
    )
    assert plain[0] == 422
    assert released(api) == 200
    release = api("GET", "/apps/lettings/releases/1")[1]
    validate(release, "release")
    assert release["description"] == "Deployed web (aaaaaaaaaaaa)"
    assert release["slug"] is None and release["current"] is True
    released(api)
    assert len(api("GET", "/apps/lettings/releases")[1]) == 1, "the same image makes no release"
    for kind in api("GET", "/apps/lettings/formation")[1]:
        validate(kind, "formation")


def test_a_failing_release_process_keeps_the_old_release(api, heroku):
    api("POST", "/apps", {"name": "lettings"})
    released(api)
    Idle.code = 3
    released(api, image="sha256:" + "b" * 64, kinds=("web", "release"))
    first = api("GET", "/apps/lettings/releases/2")[1]
    assert first["output_stream_url"].startswith(heroku.url + "/streams/")
    eventually(lambda: api("GET", "/apps/lettings/releases/2")[1]["status"] == "failed")
    assert api("GET", "/apps/lettings/releases/current")[1]["version"] == 1
    streamed = urllib3.request("GET", first["output_stream_url"]).data.decode()
    assert "started oc-rehearsal-heroku-lettings-release-1002" in streamed


def test_config_vars_make_releases_that_rollbacks_undo(api):
    api("POST", "/apps", {"name": "lettings"})
    released(api)
    assert api("PATCH", "/apps/lettings/config-vars", {"A": "1"})[1] == {"A": "1"}
    assert api("PATCH", "/apps/lettings/config-vars", {"A": "1"})[1] == {"A": "1"}
    assert api("PATCH", "/apps/lettings/config-vars", {"A": None, "B": "2"})[1] == {"B": "2"}
    assert api("GET", "/apps/lettings/releases/2/config-vars")[1] == {"A": "1"}
    status, release = api("POST", "/apps/lettings/releases", {"release": "v2"})
    assert (status, release["description"]) == (201, "Rollback to v2")
    validate(release, "release")
    assert api("GET", "/apps/lettings/config-vars")[1] == {"A": "1"}
    listed = [r["description"] for r in api("GET", "/apps/lettings/releases")[1]]
    assert listed == [
        "Deployed web (aaaaaaaaaaaa)",
        "Set A config vars",
        "Set A, B config vars",
        "Rollback to v2",
    ]


def test_lists_come_in_ranges(api):
    api("POST", "/apps", {"name": "lettings"})
    for number in range(4):
        api("PATCH", "/apps/lettings/config-vars", {"N": str(number)})
    status, newest = api("GET", "/apps/lettings/releases", Range="version ..; order=desc,max=2")
    assert (status, [r["version"] for r in newest]) == (206, [4, 3])
    status, newest = api("GET", "/apps/lettings/releases", Range="version ..; max=9, order=desc")
    assert (status, [r["version"] for r in newest]) == (200, [4, 3, 2, 1])


def test_dynos_and_one_off_dynos(api):
    api("POST", "/apps", {"name": "lettings"})
    released(api)
    eventually(lambda: api("GET", "/apps/lettings/dynos/web.1")[0] == 200)
    web = eventually(
        lambda: (shown := api("GET", "/apps/lettings/dynos/web.1")[1])["state"] == "crashed"
        and shown
    )
    validate(web, "dyno")
    status, run = api("POST", "/apps/lettings/dynos", {"command": "ls"})
    assert status == 201
    validate(run, "dyno")
    assert api("DELETE", "/apps/lettings/dynos")[0] == 200
    assert api("DELETE", "/apps/lettings/formations/web")[0] == 200


def test_logs(api, heroku):
    app = api("POST", "/apps", {"name": "lettings"})[1]
    heroku.store.apps["lettings"].log.add("app", "web.1", "hello")
    status, session = api("POST", "/apps/lettings/log-sessions", {"dyno": "web", "lines": 5})
    assert status == 201
    validate(session, "log-session")
    text = urllib3.request("GET", session["logplex_url"]).data.decode()
    assert text.endswith(" app[web.1]: hello\n") and "api" not in text
    events = urllib3.request(
        "GET", session["logplex_url"], headers={"Accept": "text/event-stream"}
    ).data.decode()
    assert events.startswith("data: ") and events.endswith("hello\n\n")
    assert urllib3.request("GET", heroku.url + "/logs/other").status == 404
    assert app["name"] == "lettings"


def test_pipelines_group_apps_but_do_not_promote_images(api):
    app = api("POST", "/apps", {"name": "lettings"})[1]
    pipeline = api("POST", "/pipelines", {"name": "lettings"})[1]
    validate(pipeline, "pipeline")
    wish = {"app": "lettings", "pipeline": pipeline["id"], "stage": "staging"}
    validate(api("POST", "/pipeline-couplings", wish)[1], "pipeline-coupling")
    validate(api("GET", "/apps/lettings/pipeline-couplings")[1], "pipeline-coupling")
    assert len(api("GET", f"/pipelines/{pipeline['id']}/pipeline-couplings")[1]) == 1
    promotion = {"pipeline": {"id": pipeline["id"]}, "source": {"app": {"id": app["id"]}}}
    status, said = api("POST", "/pipeline-promotions", promotion | {"targets": []})
    assert status == 422 and "can't be promoted" in said["message"]


def test_add_ons_are_ready_a_little_later(api):
    api("POST", "/apps", {"name": "lettings"})
    status, made = api("POST", "/apps/lettings/addons", {"plan": "heroku-postgresql:essential-0"})
    assert (status, made["state"]) == (201, "provisioning")
    validate(made, "add-on")
    assert [one["state"] for one in api("GET", "/apps/lettings/addons")[1]] == ["provisioning"]
    (ready,) = api("GET", "/apps/lettings/addons")[1]
    validate(ready, "add-on")
    assert (ready["state"], ready["config_vars"]) == ("provisioned", ["DATABASE_URL"])
    assert "DATABASE_URL" in api("GET", "/apps/lettings/config-vars")[1]
    assert api("POST", "/apps/lettings/addons", {"plan": "nobody:free"})[0] == 404


def test_preboot(api):
    api("POST", "/apps", {"name": "lettings"})
    shown = api("GET", "/apps/lettings/features/preboot")[1]
    validate(shown, "app-feature")
    assert shown["enabled"] is False
    assert api("PATCH", "/apps/lettings/features/preboot", {"enabled": True})[1]["enabled"] is True
