"""The same sources give the same layers, quickly, and of nothing but what belongs in them."""

import os
import time
from uuid import uuid4

from .conftest import copy_sources
from .docker import docker, files_by_layer, inspect, layers

MB = 1_000_000
CANARY = "canary-7f3a"
EXTRA_CA = os.environ.get("EXTRA_CA") or os.environ.get("SSL_CERT_FILE")
SECRETS = ["--secret", f"id=ca,src={EXTRA_CA}"] if EXTRA_CA else []


def test_another_clone_built_anew_gives_the_same_layers_and_nothing_of_its_litter(
    web, clone, tmp_path
):
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
    assert CANARY not in str(inspect(built))
    assert CANARY not in docker("history", "--no-trunc", built).stdout


def test_both_processes_share_every_layer(web, release):
    assert layers(release) == layers(web)
    assert inspect(web)["Config"]["Cmd"] == ["gunicorn", "oc_lettings_site.wsgi"]
    assert inspect(release)["Config"]["Cmd"] == ["bin/release-phase"]


def test_what_it_adds_to_its_base_and_how_much(web, base_layers, tmp_path):
    assert layers(web)[: len(base_layers)] == base_layers
    names, size = set(), 0
    for entry, content in files_by_layer(web, tmp_path):
        size += len(content)
        names.add(entry.name)
        assert entry.mtime == 315_532_800, f"{entry.name} has the time of the build"
        open_to_all = entry.mode & 0o022 and not entry.issym()
        assert not open_to_all or entry.name == "app/media", f"{entry.name} can be written to"
        assert b"PRIVATE KEY-----\n" not in content or entry.name.endswith((".py", ".pyc"))
        assert b"canary-token" not in content, f"{entry.name} has the remote's password"
    print(f"{size / MB:.1f} MB more than the base, unpacked")
    assert {name.split("/")[0] for name in names} == {"app", "venv"}
    ours = [name.removeprefix("app/") for name in names if name.startswith("app/")]
    assert {name.split("/")[0] for name in ours} == {
        *("__pycache__", "bin", "gunicorn.conf.py", "manage.py"),
        *("lettings", "media", "oc_lettings_site", "profiles", "staticfiles"),
    }
    for name in names:
        parts = set(name.split("/"))
        assert not parts & {".git", ".env", "tests", ".pytest_cache", "node_modules"}, name
        assert not parts & {".cache", "pip", "deploy", "rehearsal", "browser", "docs"}, name
    assert {name for name in ours if name.startswith("bin/")} == {
        *("bin/doctor", "bin/livez", "bin/release-phase"),
    }


def test_its_history_and_settings_hold_no_secret(web):
    config = inspect(web)["Config"]
    assert {line.partition("=")[0] for line in config["Env"]} <= {
        *("PATH", "LANG", "HOME", "PORT", "ENVIRONMENT", "RELEASE"),
        *("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"),
        # The official image's own.
        *("GPG_KEY", "PYTHON_VERSION", "PYTHON_SHA256"),
    }
    history = docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", web).stdout
    for word in ("SECRET_KEY=", "TOKEN", "PASSWORD", "BEGIN CERTIFICATE"):
        assert word not in history


def test_its_labels_tell_where_it_comes_from(web, clone):
    config = inspect(web)["Config"]
    label = {
        name.removeprefix("org.opencontainers.image."): value
        for name, value in config["Labels"].items()
    }
    assert label["revision"] == clone.commit
    assert f"RELEASE={clone.commit}" in config["Env"]
    assert label["source"] == "https://github.com/someone/oc-lettings"
    assert time.strptime(label["created"], "%Y-%m-%dT%H:%M:%S%z")
    assert label["licenses"] == "MIT"


def test_the_context_is_small_and_has_only_what_is_named(clone, tmp_path):
    docker(
        *("build", "--tag", "oc-image-check/context", "--file", "-", str(clone.path)),
        input="FROM scratch\nCOPY . /\n",
    )
    size = inspect("oc-image-check/context")["Size"]
    print(f"context: {size / MB:.2f} MB")
    assert size < 5 * MB


def test_a_changed_line_is_in_the_image_within_three_seconds(web, clone, tmp_path):
    changed = copy_sources(tmp_path, "changed")
    seconds = []
    for _ in range(5):
        with (tmp_path / "lettings" / "views.py").open("a") as file:
            file.write(f"# {uuid4()}: nothing of it is in any cache\n")
        began = time.monotonic()
        base = ["--build-arg", f"BASE_IMAGE={os.environ.get('BASE_IMAGE', 'python:3.13-slim')}"]
        name = ["--target", "web", "--tag", "oc-image-check/changed"]
        docker("build", *name, *base, *SECRETS, ".", cwd=tmp_path)
        seconds.append(time.monotonic() - began)
    print(f"rebuilt in {min(seconds):.1f} s")
    assert layers("oc-image-check/changed")[:-2] == layers(web)[:-2]
    assert layers("oc-image-check/changed") != layers(web)
    assert changed.commit != clone.commit
    assert min(seconds) < 3
