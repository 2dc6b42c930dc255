"""Docker, for these tests: what they start and build carries their label, and goes with them."""

from __future__ import annotations

import json
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from deploy.image.docker import RUN, docker, label

REPOSITORY = "oc-image-check/lettings"
# What the image promises to run under.
HARDENED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"]
HARDENED += ["--security-opt", "no-new-privileges"]
SITE = {
    "SECRET_KEY": "correct-horse-battery-staple-0123456789-correct-horse",
    "ALLOWED_HOSTS": "localhost",
    "DATABASE_URL": "sqlite:////tmp/db.sqlite3",
}
# Asks the site from inside its container: on a remote engine (CircleCI's setup_remote_docker)
# no published port can be reached.
ASK = """
import http.client, json, sys
asking = http.client.HTTPConnection("127.0.0.1", 8000, timeout=10)
asking.request("GET", sys.argv[1], headers=json.loads(sys.argv[2]))
answer = asking.getresponse()
body = answer.read().decode("latin-1")
json.dump([answer.status, answer.getheaders(), body], sys.stdout)
"""


@dataclass(frozen=True)
class Response:
    """What the site answered; header names in any spelling."""

    status: int
    headers: Message
    body: bytes


def inspect(image: str) -> dict[str, Any]:
    """Return what the engine knows of an image."""
    return json.loads(docker("image", "inspect", image).stdout)[0]


def layers(image: str) -> list[str]:
    """Return the digests of an image's layers, the base's first."""
    return inspect(image)["RootFS"]["Layers"]


@contextmanager
def container(image: str, *command: str, **environment: str) -> Iterator[str]:
    """Run the image hardened, its health asked every second instead of ten; return the id."""
    given = [word for item in environment.items() for word in ("--env", "=".join(item))]
    identity = docker(
        *("run", "--detach", "--health-interval", "1s", *label(RUN), *HARDENED, *given),
        *(image, *command),
    ).stdout.strip()
    try:
        yield identity
    finally:
        docker("rm", "--force", "--volumes", identity)


def get(identity: str, path: str, **headers: str) -> Response:
    """Ask the site in a container for a path."""
    asked = json.dumps({"Host": "localhost", **headers})
    said = docker("exec", identity, "python", "-I", "-c", ASK, path, asked).stdout
    status, pairs, body = json.loads(said)
    answered = Message()
    for name, value in pairs:
        answered[name] = value
    return Response(status, answered, body.encode("latin-1"))


def run(image: str, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the image hardened until it ends; return its output and exit code."""
    given = [word for item in environment.items() for word in ("--env", "=".join(item))]
    return docker("run", "--rm", *HARDENED, *given, image, *command, check=False)


def state(identity: str) -> dict[str, Any]:
    """Return what the engine says of a container: whether it runs, its health, its exit code."""
    return json.loads(docker("container", "inspect", identity).stdout)[0]["State"]


def wait_until_healthy(identity: str) -> None:
    """Wait until the image's own health check passes; a container that ends is a failure."""
    end = time.monotonic() + 60
    while state(identity)["Health"]["Status"] != "healthy":
        logs = docker("logs", identity)
        assert time.monotonic() < end and state(identity)["Running"], logs.stdout + logs.stderr
        time.sleep(0.2)


def files_by_layer(image: str, folder: Path) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """Return every entry of every layer that the image adds to its base, and its bytes."""
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
