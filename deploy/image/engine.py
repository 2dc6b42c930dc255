"""Finds a Docker client that can build with BuildKit, and runs commands with it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .commands import BUILD_ENVIRONMENT

NO_DOCKER = (
    "no Docker client here can build with BuildKit\n"
    "  why: the Dockerfile uses its mounts\n"
    "  fix: sudo apt install docker.io docker-buildx, and see that `docker version` names a server"
)
# What no second try mends.
REFUSED = re.compile(r"denied|unauthorized|incorrect username|authentication required", re.I)


class Failed(Exception):
    """What was found, why it matters, what to type."""


@cache
def find_docker() -> str:
    """Give the first client on the PATH that has BuildKit: built in before 23, then a plugin."""
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


def _output(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True).stdout.strip()


class Runner:
    """Runs commands in ``folder``; with ``dry``, only prints them."""

    def __init__(
        self, folder: Path, dry: bool, environment: Mapping[str, str] = os.environ
    ) -> None:
        self.folder = folder
        self.dry = dry
        self.environment = {**environment, **BUILD_ENVIRONMENT}

    def run(self, argv: list[str]) -> int:
        """Run with the output shown as it comes; give the exit code."""
        self._say(argv)
        if self.dry:
            return 0
        return subprocess.run(self._real(argv), cwd=self.folder, env=self.environment).returncode

    def ask(self, argv: list[str], stdin: str = "", attempts: int = 3) -> str:
        """Give the output of a command that talks to a registry; raise Failed with its error.

        What isn't refused is tried again, after 2 s and then 4 s: networks fail.
        """
        self._say(argv)
        if self.dry:
            return ""
        for attempt in range(1, attempts + 1):
            done = subprocess.run(
                self._real(argv),
                cwd=self.folder,
                env=self.environment,
                input=stdin,
                capture_output=True,
                text=True,
            )
            if done.returncode == 0:
                return done.stdout
            if attempt == attempts or REFUSED.search(done.stderr):
                break
            print(f"image: {done.stderr.strip()}; trying again", file=sys.stderr)
            time.sleep(2**attempt)
        raise Failed(f"`{' '.join(argv[:2])}` failed: {done.stderr.strip()}")

    def _say(self, argv: list[str]) -> None:
        print("+", shlex.join(argv), file=sys.stderr, flush=True)

    def _real(self, argv: list[str]) -> list[str]:
        return [find_docker(), *argv[1:]] if argv[0] == "docker" else argv
