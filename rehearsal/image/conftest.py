"""Clones of the sources as they are, and the images built from them."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.image.commands import BUILD_ENVIRONMENT

from .docker import REPOSITORY, docker, inspect

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Clone:
    """A copy of the sources, committed."""

    path: Path
    commit: str

    def image(self, *args, repository=REPOSITORY, **variables):
        """Run bin/image in the copy; give the finished process."""
        environment = {**os.environ, **BUILD_ENVIRONMENT, "IMAGE_REPOSITORY": repository}
        return subprocess.run(
            ["bin/image", *args],
            cwd=self.path,
            env=environment | variables,
            capture_output=True,
            text=True,
        )

    def build(self, *options):
        """Build; give the names of what serves and what migrates."""
        done = self.image(*options, "build")
        assert done.returncode == 0, done.stderr
        return f"{REPOSITORY}:{self.commit}", f"{REPOSITORY}:{self.commit}-release"


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
def images(clone):
    return clone.build()


@pytest.fixture(scope="session")
def web(images):
    return images[0]


@pytest.fixture(scope="session")
def release(images):
    return images[1]


@pytest.fixture(scope="session")
def base_layers(web):
    name = os.environ.get("BASE_IMAGE") or "python:3.13-slim"
    return inspect(name)["RootFS"]["Layers"]
