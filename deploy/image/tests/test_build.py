"""The same sources give the same layers, quickly, and of nothing but what belongs in them."""

import os
import time
from uuid import uuid4

from .conftest import copy_sources
from .containers import docker, inspect, layers

MB = 1_000_000
CANARY = "canary-7f3a"
EXTRA_CA = os.environ.get("EXTRA_CA") or os.environ.get("SSL_CERT_FILE")
SECRETS = ["--secret", f"id=ca,src={EXTRA_CA}"] if EXTRA_CA else []


def test_a_clone_built_anew_gives_the_same_layers_and_nothing_of_its_litter(web, tmp_path):
    other = copy_sources(tmp_path, "another commit of the same sources")
    for name in (
        *(".env", ".env.production", "db.sqlite3", "media/photos/x.jpg", "id_rsa"),
        *("lettings/tests/test_x.py", "lettings/.env", "lettings/__pycache__/x.pyc"),
        *("bin/secret", "node_modules/x.js", ".pytest_cache/x", ".coverage", "var/x"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"SECRET_KEY={CANARY}\n")
    for path in (tmp_path / "lettings").rglob("*.py"):
        path.chmod(0o600)
    done = other.image("--no-cache", "build", SECRET_KEY=CANARY, DOCKERHUB_TOKEN=CANARY)
    assert done.returncode == 0, done.stderr
    built = done.stdout.split()[0]
    assert layers(built) == layers(web)
    for word in (CANARY, "canary-token"):
        assert word not in str(inspect(built))
    assert f"RELEASE={other.commit}-dirty" in inspect(built)["Config"]["Env"]
    assert CANARY not in docker("history", "--no-trunc", built).stdout


def test_the_context_is_small_and_has_only_what_is_named(clone, tmp_path):
    docker(
        *("build", "--tag", "oc-image-check/context", "--file", "-", str(clone.path)),
        input="FROM scratch\nCOPY . /\n",
    )
    size = inspect("oc-image-check/context")["Size"]
    print(f"context: {size / MB:.2f} MB")
    assert size < 6 * MB


def test_a_changed_line_is_in_the_image_within_three_seconds(web, tmp_path):
    copy_sources(tmp_path, "changed")
    base = ["--build-arg", f"BASE_IMAGE={os.environ.get('BASE_IMAGE', 'python:3.13-slim')}"]
    seconds = []
    # The machine may be busy with something else; what once took 3 s can take 3 s.
    while len(seconds) < 5 and min(seconds, default=3) >= 3:
        with (tmp_path / "lettings" / "urls.py").open("a") as file:
            file.write(f"# {uuid4()}: nothing of it is in any cache\n")
        name = f"oc-image-check/changed:{len(seconds)}"
        began = time.monotonic()
        docker("build", "--target", "web", "--tag", name, *base, *SECRETS, ".", cwd=tmp_path)
        seconds.append(time.monotonic() - began)
    print(f"rebuilt in {min(seconds):.1f} s")
    assert layers(name)[:-2] == layers(web)[:-2]
    assert layers(name) != layers(web)
    assert min(seconds) < 3
