"""What all services share: one container, its start, its readiness, its end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Self

from deploy.image.docker import RUN, DockerFailed, docker, free_port, label

from ..images import image

READY_SECONDS = 60
LAST_WORDS = 20  # lines


class ServiceFailed(Exception):
    """A server that did not start: which, why as far as it said, and what to look at."""


class Service:
    """A server in a container of its role's image, on ``port`` of 127.0.0.1.

    The container is on this machine's own network, as the dynos are, and is marked with ``run``.
    Of Postgres and Redis, ``network`` can name a container (``container:<id>``) whose loop-back
    they share.
    """

    role: str

    def __init__(self, port: int = 0, *, run: str = RUN, network: str = "host") -> None:
        self.port = port or free_port()
        self.run, self.network = run, network
        self.container = ""

    def options(self) -> Sequence[str]:
        """Return further `docker run` options."""
        return ()

    def environment(self) -> dict[str, str]:
        """Return the variables; they go by name, so that no list of processes shows them."""
        return {}

    def command(self) -> Sequence[str]:
        """Return the command, if it is not the image's own."""
        return ()

    def ready(self) -> bool:
        """Return whether it answers."""
        raise NotImplementedError

    def start(self) -> Self:
        """Start it for the first time or again; return it when it answers.

        Raise ServiceFailed with its last words when it ended, or does not answer in time.
        """
        if self.container:
            docker("start", self.container)
        else:
            variables = self.environment()
            words = ["run", "--detach", "--pull", "never"]
            words += ["--network", self.network, *label(self.run)]
            words += [word for name in variables for word in ("--env", name)]
            words += [*self.options(), image(self.role), *self.command()]
            try:
                self.container = docker(*words, environment=variables).stdout.strip()
            except DockerFailed as failed:
                raise ServiceFailed(
                    f"{self.role} did not start: {failed}{self.hint(failed)}"
                ) from None
        self._wait()
        return self

    def stop(self) -> None:
        """Stop it; what it holds stays, and it can be started again at the same port."""
        docker("stop", "--time", "10", self.container)

    def remove(self) -> None:
        """Remove it, with all it holds."""
        if self.container:
            docker("rm", "--force", "--volumes", self.container, check=False)
            self.container = ""

    def last_words(self) -> str:
        """Return the last lines of its log."""
        said = docker("logs", "--tail", str(LAST_WORDS), self.container, check=False)
        return (said.stdout + said.stderr).strip()

    def hint(self, failed: Exception) -> str:
        """Return what to type when the image is missing."""
        missing = "Unable to find image" in str(failed) or "No such image" in str(failed)
        return "\n  type: python3 -m rehearsal.images" if missing else ""

    def _wait(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while not self.ready():
            running = docker("inspect", "--format", "{{.State.Running}}", self.container).stdout
            if running.strip() == "true" and time.monotonic() < end:
                time.sleep(0.1)
                continue
            words = self.last_words() or "it said nothing"
            self.remove()
            how = f"does not answer after {READY_SECONDS} s" if "true" in running else "ended"
            raise ServiceFailed(
                f"{self.role} {how}, on port {self.port}; its last words:\n{words}"
            )

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.remove()
