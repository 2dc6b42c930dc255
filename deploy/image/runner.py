"""Run the commands of bin/image, or only print them."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ..registry.refusals import read_output
from .docker import Failed, docker, has_buildx


class Refused(Failed):
    """A registry, or the engine, refused a docker command: the words, and what they mean."""

    def __init__(self, argv: list[str], output: str) -> None:
        self.refusal = read_output(output)
        super().__init__(f"`{' '.join(argv[:2])}` failed: {self.refusal.words}")


class Runner:
    """Runs commands in ``folder``; with ``dry``, only prints them."""

    def __init__(self, folder: Path, dry: bool) -> None:
        self.folder = folder
        self.dry = dry
        self.environment: dict[str, str] = {}  # on top of this program's, for docker

    @property
    def buildx(self) -> bool:
        """Return whether builds use buildx; a dry run, which may have no client, assumes it."""
        return self.dry or has_buildx()

    def run(self, argv: list[str]) -> int:
        """Run with the output shown as it comes; return the exit code."""
        self._say(argv)
        return 0 if self.dry else self._run(argv, stdout=None, stderr=None).returncode

    def ask(self, argv: list[str], stdin: str = "", attempts: int = 3) -> str:
        """Return the output of a command that talks to a registry; raise Refused.

        What a moment may mend is tried three times in all.
        """
        self._say(argv)
        if self.dry:
            return ""
        for attempt in range(1, attempts + 1):
            done = self._run(argv, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
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

    def _run(self, argv: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        if argv[0] == "docker":
            environment = self.environment
            return docker(
                *argv[1:], check=False, environment=environment, cwd=self.folder, **options
            )
        return subprocess.run(argv, cwd=self.folder, text=True, **options)
