"""Images go from registry to registry as they are, each layer once, by any kind of login."""

import json
import re
from functools import partial

import pytest
import urllib3

from deploy.commands import Account, Copy, Inspect
from deploy.image.commands import OTHER_KINDS, PROCESSES
from deploy.registry import client
from deploy.registry.client import Refused
from deploy.runner import Real

from .registry import PASSWORD, Registry, digest_of

YOU = Account("you", "DOCKERHUB_TOKEN")
NOBODY = Account(secret="DOCKERHUB_TOKEN")
UNDERSCORE = Account("you", "HEROKU_API_KEY")
LAYERS = 3000 * 4 + 40


@pytest.fixture(autouse=True)
def secrets(monkeypatch):
    monkeypatch.setenv("DOCKERHUB_TOKEN", PASSWORD)
    monkeypatch.setenv("HEROKU_API_KEY", PASSWORD)


@pytest.fixture
def waits(monkeypatch):
    """Wait for nothing; return for how long it would have been, each time."""
    waits = []
    monkeypatch.setattr(client.time, "sleep", waits.append)
    return waits


@pytest.fixture
def acting():
    real = Real()
    yield real
    real.http.clear()


@pytest.fixture
def hub():
    registry = Registry()
    yield registry
    registry.shutdown()
    registry.server_close()


@pytest.fixture(params=["Basic", "Bearer"])
def heroku(request):
    registry = Registry(request.param)
    yield registry
    registry.shutdown()
    registry.server_close()


def order(hub, heroku, tag="abc", target="oc/web", beside=""):
    return Copy(
        f"{hub.address}/you/oc:{tag}",
        f"{heroku.address}/{target}",
        YOU,
        UNDERSCORE,
        beside and f"{heroku.address}/{beside}",
    )


def test_an_image_is_looked_at(acting, hub):
    digest = hub.put("you/oc", "abc", "gunicorn")
    found = acting.inspect(Inspect(f"{hub.address}/you/oc:abc", YOU))
    config = json.loads(hub.manifests["you/oc"]["abc"][1])["config"]["digest"]
    assert (found.digest, found.id, found.commit) == (digest, config, "2" * 40)
    assert found == acting.inspect(Inspect(f"{hub.address}/you/oc@{digest}", YOU))


def test_a_public_image_is_looked_at_by_nobody(acting, hub, monkeypatch):
    monkeypatch.delenv("DOCKERHUB_TOKEN")
    hub.put("you/oc", "abc", "gunicorn")
    assert acting.inspect(Inspect(f"{hub.address}/you/oc:abc", NOBODY)).commit == "2" * 40


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_what_heroku_refuses_is_seen_and_not_sent(acting, hub, heroku, kind):
    hub.put("you/oc", "abc", "gunicorn", kind)
    assert acting.inspect(Inspect(f"{hub.address}/you/oc:abc", YOU)).kind == kind
    with pytest.raises(Refused, match=f"is {re.escape(kind)}") as refused:
        acting.copy(order(hub, heroku))
    assert f"{heroku.address} does not take this kind of manifest" in str(refused.value)
    assert heroku.asked == []


def test_an_image_arrives_byte_for_byte(acting, hub, heroku):
    digest = hub.put("you/oc", "abc", "gunicorn")
    sent = acting.copy(order(hub, heroku))
    assert heroku.manifests["oc/web"]["latest"] == hub.manifests["you/oc"][digest]
    assert heroku.blobs["oc/web"] == hub.blobs["you/oc"]
    assert sent == heroku.received == hub.sent


@pytest.mark.parametrize("mounts", [True, False])
def test_the_layers_of_four_images_cross_once(acting, hub, heroku, mounts):
    """Where the registry mounts nothing, a layer goes once for each repository, as with docker."""
    heroku.takes_mounts = mounts
    configs = 0
    for process, suffix in PROCESSES.items():
        hub.put("you/oc", f"abc{suffix}", process)
        manifest = json.loads(hub.manifests["you/oc"][f"abc{suffix}"][1])
        configs += manifest["config"]["size"]
        beside = "" if process == "web" else "oc/web"
        acting.copy(order(hub, heroku, f"abc{suffix}", f"oc/{process}", beside))
    assert heroku.received == hub.sent == configs + LAYERS * (1 if mounts else 4)


def test_a_second_time_nothing_is_sent(acting, hub, heroku):
    hub.put("you/oc", "abc", "gunicorn")
    acting.copy(order(hub, heroku))
    before = heroku.received
    assert acting.copy(order(hub, heroku)) == 0
    assert heroku.received == before


def test_within_one_registry_nothing_is_sent(acting, heroku):
    digest = heroku.put("staging/web", "latest", "gunicorn")
    source = f"{heroku.address}/staging/web@{digest}"
    target = f"{heroku.address}/production/web"
    assert acting.copy(Copy(source, target, UNDERSCORE, UNDERSCORE, source)) == 0
    assert (heroku.received, heroku.sent) == (0, 0)
    assert heroku.manifests["production/web"]["latest"] == heroku.manifests["staging/web"][digest]


@pytest.mark.parametrize(
    "step", ["HEAD", "POST", "PATCH", "PUT /v2/oc/web/blobs", "manifests/latest"]
)
@pytest.mark.parametrize(
    ("status", "words"), [(0, ""), (500, "{}"), (503, "<html>busy</html>"), (429, "HAP429")]
)
def test_a_registry_that_stumbles_is_asked_again(acting, hub, heroku, waits, step, status, words):
    hub.put("you/oc", "abc", "gunicorn")
    heroku.faults = [(step, status, words)] * 2
    acting.copy(order(hub, heroku))
    assert heroku.blobs["oc/web"] == hub.blobs["you/oc"]
    assert waits == ([30, 60] if status == 429 else [2, 4])


def test_a_source_that_breaks_is_named_and_asked_again(acting, hub, heroku, waits):
    hub.put("you/oc", "abc", "gunicorn")
    hub.faults = [("/elsewhere/", 0, "")] * 3
    with pytest.raises(Refused) as refused:
        acting.copy(order(hub, heroku))
    assert f"the registry {hub.address} could not be reached, after three" in str(refused.value)
    assert waits == [2, 4]
    acting.copy(order(hub, heroku))


def test_the_patience_has_a_limit(acting, hub, heroku, waits):
    hub.put("you/oc", "abc", "gunicorn")
    heroku.faults = [("POST", 502, "")] * 9
    with pytest.raises(Refused, match=f"{heroku.address} fails, after three attempts"):
        acting.copy(order(hub, heroku))
    assert len(heroku.faults) == 6


@pytest.mark.parametrize(
    ("status", "code", "words", "heard"),
    [
        (405, "UNSUPPORTED", "The operation is unsupported.", "does not take this kind"),
        (401, "UNAUTHORIZED", "authentication required", "refuses the user or the token"),
        (403, "DENIED", "requested access to the resource is denied", "gives no access"),
        (400, "NAME_INVALID", "invalid repository name", "does not take this name"),
    ],
)
def test_what_is_refused_is_asked_once(acting, hub, heroku, waits, status, code, words, heard):
    hub.put("you/oc", "abc", "gunicorn")
    body = json.dumps({"errors": [{"code": code, "message": words}]})
    # A login that is refused is tried once with a new token.
    heroku.faults = [("PUT /v2/oc/web/manifests", status, body)] * 3
    with pytest.raises(Refused) as refused:
        acting.copy(order(hub, heroku))
    assert f"the registry {heroku.address} {heard}" in str(refused.value)
    assert words in str(refused.value)
    assert PASSWORD not in str(refused.value) + refused.value.way
    assert len(heroku.faults) == (1 if status == 401 else 2)
    assert waits == []


def test_a_token_that_runs_out_on_the_way_is_renewed(acting, hub, heroku):
    hub.put("you/oc", "abc", "gunicorn")
    real, asked = acting.http.request, set()

    def forgetful(method, url, **options):
        if method in ("PUT", "HEAD") and (method, url) not in asked:
            asked.add((method, url))
            heroku.tokens.clear()
        return real(method, url, **options)

    acting.http.request = forgetful
    acting.copy(order(hub, heroku))
    assert heroku.blobs["oc/web"] == hub.blobs["you/oc"]


def test_a_wrong_password_is_said_by_its_variable(acting, hub, monkeypatch):
    hub.put("you/oc", "abc", "gunicorn")
    monkeypatch.setenv("DOCKERHUB_TOKEN", "wrong")
    with pytest.raises(Refused) as refused:
        acting.inspect(Inspect(f"{hub.address}/you/oc:abc", YOU))
    said = str(refused.value)
    assert "has another token than DOCKERHUB_TOKEN: incorrect username" in said
    assert "set DOCKERHUB_USERNAME and DOCKERHUB_TOKEN" in refused.value.way
    assert "wrong" not in said


def test_no_password_where_one_is_wanted(acting, heroku, monkeypatch):
    monkeypatch.delenv("HEROKU_API_KEY")
    heroku.put("oc/web", "latest", "gunicorn")
    heroku.login = "Basic"
    with pytest.raises(Refused, match="was asked without a login"):
        acting.inspect(Inspect(f"{heroku.address}/oc/web", Account("_", "HEROKU_API_KEY")))


@pytest.mark.parametrize("what", ["layer", "config", "manifest"])
def test_what_does_not_have_its_digest_is_never_kept(acting, hub, heroku, waits, what):
    digest = hub.put("you/oc", "abc", "gunicorn")
    kind, body = hub.manifests["you/oc"][digest]
    manifest = json.loads(body)
    if what == "manifest":
        hub.manifests["you/oc"][digest] = (kind, body + b" ")
    else:
        blob = manifest["config"] if what == "config" else manifest["layers"][0]
        data = hub.blobs["you/oc"][blob["digest"]]
        hub.blobs["you/oc"][blob["digest"]] = bytes(reversed(data))
    with pytest.raises(Refused, match="lost a layer on the way"):
        acting.copy(Copy(f"{hub.address}/you/oc@{digest}", f"{heroku.address}/oc/web", YOU, YOU))
    assert "oc/web" not in heroku.manifests
    kept = heroku.blobs.get("oc/web", {})
    assert all(name == digest_of(data) for name, data in kept.items())


def test_an_image_that_is_not_there_is_absent(acting, hub):
    with pytest.raises(Refused) as refused:
        acting.inspect(Inspect(f"{hub.address}/you/oc:none", YOU))
    assert refused.value.refusal.absent


def test_the_password_goes_to_nobody_else(acting, hub, monkeypatch):
    """Not to where blobs are sent from, nor in clear to the token server of a TLS registry."""
    hub.put("you/oc", "abc", "gunicorn")
    seen = []
    real = urllib3.PoolManager.urlopen

    def spy(self, method, url, *words, **options):
        seen.append((url, dict(options.get("headers") or {}).get("Authorization")))
        return real(self, method, url, *words, **options)

    monkeypatch.setattr(urllib3.PoolManager, "urlopen", spy)
    asking = client.Client(acting.http, client.Image("r.example", "you/oc"), YOU)
    monkeypatch.setattr(asking, "_send", partial(pytest.fail, "it asked for the token"))
    with pytest.raises(Refused, match="can't be spoken to by TLS"):
        asking._log_in('Bearer realm="http://r.example/token"', ("x",))
    assert seen == []
    acting.copy(order(hub, hub, target="me/web"))
    assert all(
        login is None or f"//{hub.address}/" in url for url, login in seen
    ), "a login went elsewhere"


@pytest.mark.parametrize("step", ["/token", "/manifests/abc", "/blobs/sha256"])
@pytest.mark.parametrize("said", ["<html>Sign in to the wireless</html>", "[]", "", "null"])
def test_what_is_no_registrys_answer_is_told_and_not_a_traceback(acting, hub, step, said, waits):
    hub.put("you/oc", "abc", "gunicorn")
    hub.faults = [(step, 200, said)] * 3
    with pytest.raises(Refused) as refused:
        acting.inspect(Inspect(f"{hub.address}/you/oc:abc", YOU))
    assert hub.address in str(refused.value) and refused.value.way


@pytest.mark.parametrize("step", ["POST", "PATCH"])
def test_an_upload_without_a_place_is_told(acting, hub, heroku, step, waits):
    hub.put("you/oc", "abc", "gunicorn")
    heroku.faults = [(step, 202, "")] * 9
    with pytest.raises(Refused, match=heroku.address):
        acting.copy(order(hub, heroku))
    assert "oc/web" not in heroku.manifests
