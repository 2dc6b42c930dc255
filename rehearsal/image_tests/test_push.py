"""What a registry gets: docker's schema 2 and nothing beside it; and what it takes to refuse."""

import json
import urllib.request

import pytest

from deploy.image.commands import OTHER_KINDS, SCHEMA_2
from deploy.image.tests.containers import docker, layers
from rehearsal import images
from rehearsal.services import Registry

MB = 1_000_000
EVERY_KIND = ", ".join((*OTHER_KINDS, SCHEMA_2))


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """Run a registry that the engine can reach: on the engine's own machine."""
    engine = docker("context", "inspect", "--format", "{{.Endpoints.docker.Host}}").stdout.strip()
    if not engine.startswith("unix:"):
        pytest.skip(f"the engine is elsewhere ({engine}): type `bin/image check --all` beside it")
    images.build(["registry"])
    with Registry(tmp_path_factory.mktemp("registry"), 0, "someone", "a-token") as registry:
        yield registry


@pytest.fixture(scope="module")
def pushed(registry, clone):
    """Build and push to the registry, as CI does; return the repository."""
    repository = f"{registry.address}/oc-image-check/lettings"
    done = clone.image("build", repository=repository)
    assert done.returncode == 0, done.stderr
    login = {"DOCKERHUB_USERNAME": "someone", "DOCKERHUB_TOKEN": "a-token"}
    done = clone.image("push", "main", repository=repository, **login)
    assert done.returncode == 0, done.stderr
    assert "a-token" not in done.stdout + done.stderr
    return repository


def manifest(registry, tag):
    manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    manager.add_password(None, f"http://{registry.address}", "someone", "a-token")
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(manager))
    url = f"http://{registry.address}/v2/oc-image-check/lettings/manifests/{tag}"
    request = urllib.request.Request(url, headers={"Accept": EVERY_KIND})
    with opener.open(request, timeout=10) as response:
        return response.headers["Content-Type"], json.load(response)


def test_every_tag_is_one_manifest_that_heroku_takes(registry, pushed, clone):
    found = {}
    for tag in (clone.commit, f"{clone.commit}-release", "main"):
        kind, found[tag] = manifest(registry, tag)
        assert kind == SCHEMA_2
        assert found[tag]["mediaType"] == SCHEMA_2
    assert found["main"] == found[clone.commit]
    assert found[f"{clone.commit}-release"]["layers"] == found["main"]["layers"]


def test_it_adds_at_most_60_mb_to_its_base(registry, pushed, clone, web, base_layers):
    sent = manifest(registry, clone.commit)[1]["layers"]
    assert len(sent) == len(layers(web))
    size = sum(layer["size"] for layer in sent[len(base_layers) :])
    print(f"{size / MB:.1f} MB more than the base, as a registry keeps and sends it")
    assert size <= 60 * MB


def test_a_wrong_password_is_said_clearly_and_not_shown(registry, clone):
    done = clone.image(
        "push",
        repository=f"{registry.address}/oc-image-check/lettings",
        DOCKERHUB_USERNAME="someone",
        DOCKERHUB_TOKEN="wrong-token",
    )
    assert done.returncode == 1
    said = f"the registry {registry.address} refuses the user or the token in DOCKERHUB_TOKEN"
    assert said in done.stderr
    assert "wrong-token" not in done.stdout + done.stderr


def test_a_changed_tree_is_not_pushed_under_the_commits_name(registry, pushed, clone):
    (clone.path / "x.txt").write_text("not committed")
    try:
        done = clone.image("push", repository=pushed)
    finally:
        (clone.path / "x.txt").unlink()
    assert done.returncode == 1
    assert "the working tree differs from the commit" in done.stderr
