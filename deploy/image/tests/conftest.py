"""The images that `bin/image build` made of these sources; and clones, to build them anew."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.image import commands
from deploy.image.cli import ROOT, chosen, examine

from .containers import REPOSITORY, docker, inspect


@dataclass
class Clone:
    """A copy of the sources, committed."""

    path: Path
    commit: str

    def image(self, *args, repository=REPOSITORY, **variables):
        """Run bin/image in the copy; return the finished process."""
        environment = {**os.environ, **commands.BUILD_ENVIRONMENT, "IMAGE_REPOSITORY": repository}
        return subprocess.run(
            ["bin/image", *args],
            cwd=self.path,
            env=environment | variables,
            capture_output=True,
            text=True,
        )


def copy_sources(target, message):
    """Copy what git has or would take, with the times of now, and commit it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
            shutil.copymode(ROOT / name, target / name)

    def git(*args):
        who = ["-c", "user.name=check", "-c", "user.email=check@example.org"]
        done = subprocess.run(
            ["git", *who, *args], cwd=target, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    git("init", "--quiet")
    git("remote", "add", "origin", "https://user:canary-token@github.com/someone/oc-lettings")
    git("add", "--all")
    git("commit", "--quiet", "--message", message)
    return Clone(target, git("rev-parse", "HEAD"))


@pytest.fixture(scope="session", autouse=True)
def leave_nothing_behind():
    yield
    names = docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").stdout.split()
    for name in names:
        if "oc-image-check/" in name:
            docker("image", "rm", name, check=False)


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    return copy_sources(tmp_path_factory.mktemp("clone"), "one")


@pytest.fixture(scope="session")
def source():
    """Return what git knows of the sources."""
    return examine(ROOT)


def built(source, target):
    """Return the name of an image that is there: the very one that `bin/image push` sends."""
    name = commands.image(source, chosen(), target)
    assert (
        docker("image", "inspect", name, check=False).returncode == 0
    ), f"there is no image {name} here; type: bin/image build"
    return name


@pytest.fixture(scope="session")
def web(source):
    return built(source, "web")


@pytest.fixture(scope="session")
def release(source):
    return built(source, "release")


@pytest.fixture(scope="session")
def base_layers():
    name = chosen().base or "python:3.13-slim"
    # BuildKit pulls a base for itself alone: the engine may know nothing of it.
    if docker("image", "inspect", name, check=False).returncode:
        docker("pull", "--quiet", name)
    return inspect(name)["RootFS"]["Layers"]
