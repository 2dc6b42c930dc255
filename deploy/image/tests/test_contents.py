"""What the image holds: what it needs, and nothing that doesn't belong in it."""

import time

from .containers import docker, files_by_layer, inspect, layers

MB = 1_000_000


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
    print(f"{size / MB:.1f} MB more than the base, unpacked")
    assert {name.split("/")[0] for name in names} == {"app", "venv"}
    ours = [name.removeprefix("app/") for name in names if name.startswith("app/")]
    assert not [name for name in ours if "/docs/" in name]  # boto3 imports its own
    assert {name.split("/")[0] for name in ours} == {
        *("__pycache__", "bin", "gunicorn.conf.py", "manage.py"),
        *("accounts", "background", "dashboard", "enquiries", "lettings", "media"),
        *("core", "oc_lettings_site"),
        *("profiles", "ratelimits", "staticfiles"),
    }
    for name in names:
        parts = set(name.split("/"))
        assert not parts & {".git", ".env", "tests", ".pytest_cache", "node_modules"}, name
        assert not parts & {".cache", "pip", "deploy", "rehearsal", "browser"}, name
        assert not name.endswith(".po"), name
    # Django's words and ours, in the languages of the site and no others.
    spoken = {name.split("/locale/")[1].split("/")[0] for name in names if name.endswith(".mo")}
    assert spoken == {"en", "fr"}
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


def test_its_labels_tell_where_it_comes_from(web, source):
    config = inspect(web)["Config"]
    label = {
        name.removeprefix("org.opencontainers.image."): value
        for name, value in config["Labels"].items()
    }
    assert label["revision"] == source.release
    assert f"RELEASE={source.release}" in config["Env"]
    assert label["source"] == source.url
    assert time.strptime(label["created"], "%Y-%m-%dT%H:%M:%S%z")
    assert label["licenses"] == "MIT"
