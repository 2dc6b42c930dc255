"""Docker's own command line, for everything that the rehearsal starts, and how all of it ends.

Whatever is started carries the label ``oc-rehearsal=<run>``, by which it is found again, also
after a program that was killed.
"""

from __future__ import annotations

import os
import socket
import subprocess
import uuid
from collections.abc import Mapping

from deploy.image.commands import BUILD_ENVIRONMENT
from deploy.image.engine import find_docker

LABEL = "oc-rehearsal"
# The run of a program that names none. A rehearsal's jobs get theirs handed on, so that what they
# started is found when they are stopped.
RUN = os.environ.get("REHEARSAL_RUN") or uuid.uuid4().hex[:8]


class DockerFailed(Exception):
    """A docker command that failed, with its last words."""


def docker(
    *words: str,
    check: bool = True,
    environment: Mapping[str, str] | None = None,
    **options: object,
) -> subprocess.CompletedProcess[str]:
    """Run docker to its end; give what it said. With ``check``, raise DockerFailed if it fails.

    ``environment`` comes on top of this program's; other options are those of subprocess.run.
    """
    done = subprocess.run(
        [find_docker(), *words],
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, **BUILD_ENVIRONMENT, **(environment or {})},
        **options,
    )
    if check and done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise DockerFailed(f"`docker {' '.join(words[:2])}` failed: {said}")
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
