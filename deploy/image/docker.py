"""Run Docker's own command line, and remove at the end what a test or the rehearsal started.

Whatever these start carries the label ``oc-rehearsal=<run>``, by which it is found again, also
after a program that was killed.
"""

from __future__ import annotations

import os
import socket
import subprocess
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .commands import BUILD_ENVIRONMENT

NO_DOCKER = (
    "no Docker client here can build with BuildKit\n"
    "  why: the Dockerfile uses its mounts\n"
    "  fix: sudo apt install docker.io docker-buildx, and see that `docker version` names a server"
)
LABEL = "oc-rehearsal"
# The run of a program that names none. A rehearsal's jobs get theirs handed on, so that what they
# started is found when they are stopped.
RUN = os.environ.get("REHEARSAL_RUN") or uuid.uuid4().hex[:8]


class Failed(Exception):
    """What was found, why it matters, what to type."""


class DockerFailed(Failed):
    """A docker command that failed, with its last words."""


@cache
def find_docker() -> str:
    """Return the first client on the PATH that has BuildKit: built in before 23, then a plugin."""
    for folder in os.get_exec_path():
        program = Path(folder, "docker")
        if not os.access(program, os.X_OK):
            continue
        version = _output(str(program), "version", "--format", "{{.Client.Version}}")
        if version and (
            int(version.split(".")[0]) < 23 or _output(str(program), "buildx", "version")
        ):
            return str(program)
    raise Failed(NO_DOCKER)


@cache
def has_buildx() -> bool:
    """Return whether the client builds with the plugin buildx; before 23 it needs none."""
    return bool(_output(find_docker(), "buildx", "version"))


def _output(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True).stdout.strip()


def docker(
    *words: str,
    check: bool = True,
    environment: Mapping[str, str] | None = None,
    text: bool = True,
    **options: Any,
) -> subprocess.CompletedProcess[Any]:
    """Run docker to its end, and return what it said: bytes unless ``text``.

    ``environment`` comes on top of this program's. The ``options`` are those of subprocess.run:
    a stream that they name is not captured. With ``check``, raise DockerFailed if it fails.
    """
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    done = subprocess.run(
        [find_docker(), *words],
        text=text,
        errors="replace" if text else None,
        env={**os.environ, **BUILD_ENVIRONMENT, **(environment or {})},
        **streams,
    )
    if check and done.returncode:
        said = done.stderr or done.stdout or b""
        said = said if isinstance(said, str) else said.decode(errors="replace")
        raise DockerFailed(f"`docker {' '.join(words[:2])}` failed: {said.strip()[-2000:]}")
    return done


def label(run: str) -> list[str]:
    """Return the options that mark a container, network or image as this run's.

    >>> label("1a2b")
    ['--label', 'oc-rehearsal=1a2b']
    """
    return ["--label", f"{LABEL}={run}"]


def remove_all(run: str = RUN) -> None:
    """Remove every container, with its volumes, and every network of a run."""
    mark = ("--quiet", "--filter", f"label={LABEL}={run}")
    containers = docker("ps", "--all", *mark).stdout.split()
    if containers:
        docker("rm", "--force", "--volumes", *containers, check=False)
    networks = docker("network", "ls", *mark).stdout.split()
    if networks:
        docker("network", "rm", *networks, check=False)


def runs() -> list[str]:
    """Return the runs that have containers, also those that were killed."""
    form = f'{{{{.Label "{LABEL}"}}}}'
    listed = docker("ps", "--all", "--filter", f"label={LABEL}", "--format", form).stdout
    return sorted(set(listed.split()))


def remove_images(*references: str) -> None:
    """Remove the images that go by these names, such as ``127.0.0.1:5000/*/*``, in every form."""
    form = "{{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}"
    chosen = [word for reference in references for word in ("--filter", f"reference={reference}")]
    # Where no engine answers, there is nothing to remove.
    kept = docker("image", "ls", "--digests", "--format", form, *chosen, check=False)
    names = {name for name in kept.stdout.split() if "<none>" not in name}
    if names:
        docker("image", "rm", "--force", *sorted(names), check=False)


def free_port() -> int:
    """Return a port of the loop-back that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    """Return whether somebody accepts connections on a port of the loop-back."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
