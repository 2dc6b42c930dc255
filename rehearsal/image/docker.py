"""Docker, for these tests: what they start and build carries their label, and goes with them."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.image.commands import BUILD_ENVIRONMENT
from deploy.image.engine import find_docker

REPOSITORY = "oc-image-check/lettings"
# What the image promises to run under.
HARDENED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"]
HARDENED += ["--security-opt", "no-new-privileges"]
SITE = {
    "SECRET_KEY": "correct-horse-battery-staple-0123456789-correct-horse",
    "ALLOWED_HOSTS": "localhost",
    "DATABASE_URL": "sqlite:////tmp/db.sqlite3",
}


def docker(*argv: str, check: bool = True, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run docker with its output kept; with ``check``, its failure is the test's."""
    environment = {**os.environ, **BUILD_ENVIRONMENT}
    done = subprocess.run(
        [find_docker(), *argv], capture_output=True, text=True, env=environment, **options
    )
    assert done.returncode == 0 or not check, done.stderr + done.stdout
    return done


def inspect(image: str) -> dict[str, Any]:
    """Give what the engine knows of an image."""
    return json.loads(docker("image", "inspect", image).stdout)[0]


def layers(image: str) -> list[str]:
    """Give the digests of an image's layers, the base's first."""
    return inspect(image)["RootFS"]["Layers"]


@contextmanager
def container(image: str, *command: str, **environment: str) -> Iterator[str]:
    """Run the image hardened, with its port on a free one of the loop-back; give the id."""
    given = [word for item in environment.items() for word in ("--env", "=".join(item))]
    identity = docker(
        *("run", "--detach", "--publish", "127.0.0.1::8000", *HARDENED, *given, image, *command)
    ).stdout.strip()
    try:
        yield identity
    finally:
        docker("rm", "--force", "--volumes", identity)


def run(image: str, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the image hardened until it ends; give its output and exit code."""
    given = [word for item in environment.items() for word in ("--env", "=".join(item))]
    return docker("run", "--rm", *HARDENED, *given, image, *command, check=False)


def files_by_layer(image: str, folder: Path) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """Give every entry of every layer that the image adds to its base, and its bytes."""
    archive = folder / "image.tar"
    docker("save", "--output", str(archive), image)
    with tarfile.open(archive) as saved:
        manifest = json.load(saved.extractfile("manifest.json"))[0]
        for name in manifest["Layers"][1:]:
            with tarfile.open(fileobj=saved.extractfile(name)) as layer:
                for entry in layer:
                    file = layer.extractfile(entry) if entry.isfile() else None
                    yield entry, file.read() if file else b""
    archive.unlink()
