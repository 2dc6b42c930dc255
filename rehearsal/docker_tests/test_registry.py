"""The registry refuses what Heroku's refuses, and every layer is sent to it once."""

import json
import shutil
import subprocess
from types import SimpleNamespace

import pytest
import urllib3

from deploy.commands import Account, Copy, Inspect
from deploy.image.commands import OTHER_KINDS, PROCESSES, SCHEMA_2
from deploy.registry.client import Refused
from deploy.runner import Real
from rehearsal.proofs.proof import Disproved
from rehearsal.proofs.registry import oci_manifest_refused
from rehearsal.environment import STAGING

from .conftest import KEY

HEROKU = Account("_", "HEROKU_API_KEY")
HUB = Account("you", "DOCKERHUB_TOKEN")


@pytest.fixture
def acting(monkeypatch):
    monkeypatch.setenv("HEROKU_API_KEY", KEY)
    monkeypatch.setenv("DOCKERHUB_TOKEN", "hub-password")
    acting = Real()
    yield acting
    acting.http.clear()


@pytest.fixture
def put(heroku_registry):
    """Return a function that puts a manifest; it returns status and body of the answer."""

    def put(kind, app="oc-trial", key=KEY):
        answer = urllib3.request(
            "PUT",
            f"http://{heroku_registry.address}/v2/{app}/web/manifests/latest",
            body=json.dumps({"schemaVersion": 2, "mediaType": kind}),
            headers={"Content-Type": kind, **urllib3.make_headers(basic_auth=f"_:{key}")},
        )
        return answer.status, answer.data.decode()

    return put


@pytest.mark.parametrize("kind", [*OTHER_KINDS, "application/json", ""])
def test_no_manifest_is_taken_but_schema_2(put, kind):
    status, said = put(kind)
    assert status == 405
    assert json.loads(said)["errors"][0]["code"] == "UNSUPPORTED"


def test_schema_2_is_looked_at_by_the_registry_itself(put):
    status, said = put(SCHEMA_2)
    assert status == 400 and "MANIFEST" in said, said


def test_a_name_that_is_no_apps_is_refused_without_a_word(put):
    for app in ("oc_trial", "oc.trial", "you/oc-trial", "1oc", "o"):
        assert put(SCHEMA_2, app) == (400, "")


def test_a_wrong_key_is_refused(put):
    for kind in (SCHEMA_2,):
        assert put(kind, key="wrong")[0] == 401


def test_an_oci_image_that_skopeo_pushes_is_refused(heroku_registry, build, tmp_path):
    """Other clients are refused too; docker itself: rehearsal/image_tests/test_stores.py."""
    if not shutil.which("skopeo"):
        pytest.skip("skopeo is not installed")
    repository = build("3" * 40)
    login = tmp_path / "auth.json"
    for address, user, password in (
        (heroku_registry.address, "_", KEY),
        (repository.partition("/")[0], "you", "hub-password"),
    ):
        words = ["login", "--tls-verify=false", "--authfile", login, "--username", user]
        subprocess.run(
            ["skopeo", *words, "--password-stdin", address], input=password, text=True, check=True
        )
    words = ["--src-tls-verify=false", "--dest-tls-verify=false", "--authfile", login]
    source = f"docker://{repository}:{'3' * 40}"
    for kind, good in (("oci", False), ("v2s2", True)):
        target = f"docker://{heroku_registry.address}/oc-skopeo/web"
        done = subprocess.run(
            ["skopeo", "copy", *words, "--format", kind, source, target],
            capture_output=True,
            text=True,
        )
        assert (done.returncode == 0) == good, done.stderr
        assert good or "unsupported" in done.stderr


def test_the_layers_cross_once_from_the_hub_and_never_again(acting, heroku_registry, build):
    commit = "4" * 40
    repository = build(commit)
    before, sizes = heroku_registry.received, {}
    for process, suffix in PROCESSES.items():
        target = f"{heroku_registry.address}/oc-once/{process}"
        beside = "" if process == "web" else f"{heroku_registry.address}/oc-once/web"
        source = f"{repository}:{commit}{suffix}"
        acting.copy(Copy(source, target, HUB, HEROKU, beside))
        assert acting.inspect(Inspect(target, HEROKU)) == acting.inspect(Inspect(source, HUB))
        manifest = urllib3.request(
            "GET",
            f"http://{heroku_registry.address}/v2/oc-once/{process}/manifests/latest",
            headers={"Accept": SCHEMA_2, **urllib3.make_headers(basic_auth=f"_:{KEY}")},
        ).json()
        sizes |= {blob["digest"]: blob["size"] for blob in manifest["layers"]}
        sizes[manifest["config"]["digest"]] = manifest["config"]["size"]
    sent = heroku_registry.received - before
    print(f"{sent:,} bytes for {len(PROCESSES)} images")
    assert sent == sum(sizes.values())
    before = heroku_registry.received
    for process in PROCESSES:
        source = f"{heroku_registry.address}/oc-once/{process}"
        target = f"{heroku_registry.address}/oc-twice/{process}"
        acting.copy(Copy(source, target, HEROKU, HEROKU, source))
        assert acting.inspect(Inspect(target, HEROKU)) == acting.inspect(Inspect(source, HEROKU))
    assert heroku_registry.received == before


def test_a_name_that_heroku_has_not_is_told(acting, heroku_registry, build):
    source = f"{build('5' * 40)}:{'5' * 40}"
    with pytest.raises(Refused, match="does not take this name"):
        acting.copy(Copy(source, f"{heroku_registry.address}/oc_x/web", HUB, HEROKU))


def test_the_rehearsal_proves_it_and_sees_a_registry_that_takes_oci(
    acting, heroku_registry, build, monkeypatch
):
    source = f"{build('6' * 40)}:{'6' * 40}"
    environment = SimpleNamespace(heroku_registry=heroku_registry, heroku_key=KEY)
    acting.copy(Copy(source, f"{heroku_registry.address}/{STAGING}/web", HUB, HEROKU))
    assert "405, unsupported" in oci_manifest_refused(environment)
    monkeypatch.setattr("rehearsal.heroku.registry.Request.refused", lambda self: None)
    with pytest.raises(Disproved):
        oci_manifest_refused(environment)
