"""Finds a Docker client that can build with BuildKit, and runs commands with it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..registry.refusals import read_output
from .commands import BUILD_ENVIRONMENT

NO_DOCKER = (
    "no Docker client here can build with BuildKit\n"
    "  why: the Dockerfile uses its mounts\n"
    "  fix: sudo apt install docker.io docker-buildx, and see that `docker version` names a server"
)


class Failed(Exception):
    """What was found, why it matters, what to type."""


class Refused(Failed):
    """A registry, or the engine, refused a docker command: the words, and what they mean."""

    def __init__(self, argv: list[str], output: str) -> None:
        self.refusal = read_output(output)
        super().__init__(f"`{' '.join(argv[:2])}` failed: {self.refusal.words}")


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


class Runner:
    """Runs commands in ``folder``; with ``dry``, only prints them."""

    def __init__(
        self, folder: Path, dry: bool, environment: Mapping[str, str] = os.environ
    ) -> None:
        self.folder = folder
        self.dry = dry
        self.environment = {**environment, **BUILD_ENVIRONMENT}

    @property
    def buildx(self) -> bool:
        """Whether builds are buildx's; a dry run, which may have no client, presumes it."""
        return self.dry or has_buildx()

    def run(self, argv: list[str]) -> int:
        """Run with the output shown as it comes; give the exit code."""
        self._say(argv)
        if self.dry:
            return 0
        return subprocess.run(self._real(argv), cwd=self.folder, env=self.environment).returncode

    def ask(self, argv: list[str], stdin: str = "", attempts: int = 3) -> str:
        """Return the output of a command that talks to a registry; raise Refused.

        What a moment may mend is tried three times in all.
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
            refused = Refused(argv, done.stderr)
            wait = refused.refusal.again * attempt
            if attempt == attempts or not wait:
                break
            print(f"image: {refused}; trying again in {wait} s", file=sys.stderr)
            time.sleep(wait)
        raise refused

    def _say(self, argv: list[str]) -> None:
        print("+", shlex.join(argv), file=sys.stderr, flush=True)

    def _real(self, argv: list[str]) -> list[str]:
        return [find_docker(), *argv[1:]] if argv[0] == "docker" else argv
