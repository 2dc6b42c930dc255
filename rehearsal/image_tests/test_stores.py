"""Whichever store an engine keeps images in, what bin/image builds is what Heroku takes."""

import json
import time
import urllib.request
from pathlib import Path

import pytest

from deploy.image import commands
from deploy.image.commands import OTHER_KINDS, SCHEMA_2, Options, Source
from deploy.image.docker import RUN, docker, has_buildx, label
from deploy.registry.refusals import read_output
from rehearsal import images
from rehearsal.heroku.registry import HerokuRegistry

KEY = "a-key-for-trials"
DOCKERFILE = """
FROM scratch AS labelled
COPY Dockerfile /
FROM labelled AS release
CMD ["release"]
FROM labelled AS web
CMD ["web"]
"""
# The engine's own: what its build writes unless told otherwise, and what it writes when told.
DEFAULT = ["docker", "build", "--target", "web"]
OCI = [*DEFAULT, "--provenance=false", "--output", "type=docker,oci-mediatypes=true"]
# Not --privileged: this needs no right over the machine's resources.
CAPABILITIES = ["--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE"]
for option in ("seccomp", "apparmor", "systempaths"):
    CAPABILITIES += ["--security-opt", f"{option}=unconfined"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("context")
    (folder / "Dockerfile").write_text(DOCKERFILE)
    return folder


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    engine = docker("context", "inspect", "--format", "{{.Endpoints.docker.Host}}").stdout.strip()
    if not engine.startswith("unix:"):
        pytest.skip(f"the engine is elsewhere ({engine}): type `bin/image check --all` beside it")
    images.build(["registry"])
    with HerokuRegistry(tmp_path_factory.mktemp("registry"), 0, KEY) as registry:
        yield registry


@pytest.fixture(scope="module")
def containerd(folder):
    """Run an engine with containerd's store; return how commands get to its client."""
    images.build(["engine"])
    bridge = Path("/sys/class/net/docker0")
    had_bridge = bridge.exists()
    name = f"oc-rehearsal-engine-{RUN}"
    docker(
        *("run", "--detach", "--name", name, *label(RUN), "--network", "host", *CAPABILITIES),
        *("--cgroupns", "private", "--device-cgroup-rule", "a *:* rwm"),
        *("--tmpfs", "/run:exec", "--tmpfs", "/tmp:exec"),
        *("--volume", "/var/lib/docker", "--volume", "/var/lib/containerd"),
        *("--volume", f"{folder}:/context:ro", images.image("engine")),
    )
    try:
        end = time.monotonic() + 60
        while docker("exec", name, "docker", "version", check=False).returncode:
            assert time.monotonic() < end, docker("logs", "--tail", "20", name).stderr
            time.sleep(0.2)
        stores = docker("exec", name, "docker", "info", "--format", "{{json .DriverStatus}}")
        assert "io.containerd.snapshotter.v1" in stores.stdout
        # Without it no container of this machine's own engine can start any more.
        assert bridge.exists() == had_bridge, "the second engine took the bridge of the first"
        yield ["exec", "--interactive", name, "docker"]
    finally:
        docker("rm", "--force", "--volumes", name)


@pytest.fixture(scope="module")
def own(folder):
    """Return how commands get to this machine's client, and so to its engine."""
    return []


@pytest.fixture(params=["containerd", "own"])
def client(request, registry, folder, tmp_path):
    """Return a function that runs a docker command with one of the engines."""
    words = request.getfixturevalue(request.param)
    environment = {} if words else {"DOCKER_CONFIG": str(tmp_path)}

    def run(argv, check=True, **options):
        return docker(
            *words, *argv[1:], check=check, cwd=folder, environment=environment, **options
        )

    login = ["docker", "login", "--username", "_", "--password-stdin", registry.address]
    run(login, input=KEY)
    return run


def manifest(registry, app, process):
    url = f"http://{registry.address}/v2/{app}/{process}/manifests/latest"
    login = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    login.add_password(None, url, "_", KEY)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(login))
    accept = {"Accept": ", ".join((SCHEMA_2, *OTHER_KINDS))}
    with opener.open(urllib.request.Request(url, headers=accept), timeout=10) as answer:
        return answer.headers["Content-Type"], json.load(answer)


@pytest.mark.parametrize("target", ["web", "release"])
def test_what_is_built_is_taken(request, client, registry, target):
    engine = request.node.callspec.params["client"]
    source = Source("c0ffee", "2026-12-01T10:00:00+00:00", "", dirty=False)
    options = Options(f"oc-image-check/{engine}")
    buildx = engine == "containerd" or has_buildx()
    client(commands.build(source, options, target, buildx))
    name = f"{registry.address}/oc-{engine}/{target}"
    client(["docker", "tag", commands.image(source, options, target), name])
    client(["docker", "push", "--quiet", name])
    kind, found = manifest(registry, f"oc-{engine}", target)
    assert kind == found["mediaType"] == SCHEMA_2
    assert found["config"]["mediaType"] == "application/vnd.docker.container.image.v1+json"
    for layer in found["layers"]:
        assert layer["mediaType"] == "application/vnd.docker.image.rootfs.diff.tar.gzip"
    client(["docker", "image", "rm", name])


@pytest.mark.parametrize("client", ["containerd"], indirect=True)
@pytest.mark.parametrize("build", [DEFAULT, OCI], ids=["index", "manifest"])
def test_what_the_engine_writes_by_itself_is_refused_at_the_push(client, registry, build):
    """The control: a store that never writes OCI would prove nothing above."""
    name = f"{registry.address}/oc-refused/web"
    # BUILDX_NO_DEFAULT_ATTESTATIONS is this machine's, and does not reach the engine's container.
    client([*build, "--tag", name, "."])
    done = client(["docker", "push", "--quiet", name], check=False)
    assert done.returncode != 0
    assert read_output(done.stderr).row.kind == "manifest kind", done.stderr
