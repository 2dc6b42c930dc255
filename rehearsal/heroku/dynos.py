"""Dynos: containers of a released image, with Docker's own command line."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from deploy.image.docker import docker, find_docker, free_port, listens, remove_images

from .store import App, Release, new_id, now

TERM_SECONDS = 30  # https://devcenter.heroku.com/articles/dyno-shutdown-behavior
BOOT_SECONDS = 60  # https://devcenter.heroku.com/articles/error-codes#r10-boot-timeout
MEMORY = "512m"  # a basic or standard-1x dyno
LABEL = "oc-rehearsal-heroku"


class Engine:
    """Runs containers; every one carries a label of this engine, by which all are removed."""

    def __init__(self, registry: str, key: str, directory: Path, boot: float, term: float) -> None:
        self.registry, self.boot_seconds, self.term_seconds = registry, boot, term
        self.label = f"{LABEL}={new_id()}"
        directory.mkdir(parents=True, exist_ok=True)
        login = base64.b64encode(f"_:{key}".encode()).decode()
        config = {"auths": {registry: {"auth": login}}}
        (directory / "config.json").write_text(json.dumps(config))
        self.environment = {"DOCKER_CONFIG": str(directory)}
        self._has_curl: dict[str, bool] = {}

    def docker(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run docker to its end; return what it said."""
        return docker(*words, check=False, environment=self.environment)

    def pull(self, app: str, process: str, digest: str) -> None:
        """Fetch an image of an app by its manifest's digest; raise RuntimeError if it fails."""
        pulled = self.docker("pull", "--quiet", f"{self.registry}/{app}/{process}@{digest}")
        if pulled.returncode:
            raise RuntimeError(pulled.stderr.strip())

    def start(
        self, name: str, image: str, config: dict[str, str], command: str = "", terminal=False
    ) -> subprocess.Popen[str]:
        """Start a container in the foreground; its output is the process's, its end too.

        No capability, a user id that is in no /etc/passwd, a disk that ends with the container:
        https://devcenter.heroku.com/articles/container-registry-and-runtime#dockerfile-commands-and-runtime
        """
        uid = random.randint(20000, 60000)
        argv = [find_docker(), "run", "--rm", "--name", name, "--label", self.label]
        argv += ["--network", "host", "--memory", MEMORY, "--cap-drop", "ALL"]
        argv += ["--security-opt", "no-new-privileges", "--user", f"{uid}:{uid}"]
        # By name only: values on a command line are for everyone to see.
        argv += [word for variable in config for word in ("--env", variable)]
        argv += ["--interactive"] if terminal else []
        argv += ["--entrypoint", "/bin/sh", image, "-c", command] if command else [image]
        return subprocess.Popen(
            argv,
            stdin=subprocess.PIPE if terminal else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **self.environment, **config},
            start_new_session=True,
        )

    def signal(self, name: str, signal: str) -> None:
        """Send a signal to a container's first process."""
        self.docker("kill", "--signal", signal, name)

    def command_of(self, image: str) -> str:
        """Return the command of an image, as `heroku ps` shows it."""
        asked = self.docker("image", "inspect", "--format", "{{json .Config.Cmd}}", image)
        words = json.loads(asked.stdout or "null") or []
        return " ".join(words)

    def has_curl(self, image: str) -> bool:
        """Return whether an image has curl: without it Heroku can't stream a release's output."""
        if image not in self._has_curl:
            asked = self.docker(
                *("run", "--rm", "--label", self.label, "--network", "none"),
                *("--entrypoint", "/bin/sh", image, "-c", "command -v curl"),
            )
            self._has_curl[image] = asked.returncode == 0
        return self._has_curl[image]

    def clean(self) -> None:
        """Remove every container of this engine, and what it fetched from its registry."""
        listed = self.docker("ps", "--all", "--quiet", "--filter", f"label={self.label}")
        if listed.stdout.split():
            self.docker("rm", "--force", *listed.stdout.split())
        remove_images(f"{self.registry}/*/*")


class Dyno:
    """One container of a process type; its lines go to the app's log."""

    def __init__(
        self, engine: Engine, app: App, name: str, release: Release, command: str = ""
    ) -> None:
        self.engine, self.app, self.name, self.release = engine, app, name, release
        self.type = name.split(".")[0]
        self.image = release.images.get(self.type) or release.images.get("web", "")
        self.command = command or engine.command_of(self.image)
        self.override = command
        self.id, self.state, self.port = new_id(), "starting", free_port()
        self.created_at = self.updated_at = now()
        self.exit_code: int | None = None
        self.ended = threading.Event()
        self.on_line: Callable[[str], None] = lambda line: None
        self.terminal = False
        self.container = f"{LABEL}-{app.name}-{name}-{self.id[:8]}".replace(".", "-")
        self.process: subprocess.Popen[str] | None = None
        # While a request is under way, a dyno that is to stop is not sent new ones.
        self.busy = 0

    def start(self) -> None:
        """Start the container, and follow it."""
        what = f"`{self.command}`"
        self.tell(f"Starting process with command {what}")
        config = self.release.config | {"PORT": str(self.port), "DYNO": self.name}
        self.process = self.engine.start(
            self.container, self.image, config, self.override, self.terminal
        )
        threading.Thread(target=self._follow, daemon=True).start()

    def boots(self) -> bool:
        """Wait until it listens on PORT; return False if it ended, or failed with R10."""
        end = time.monotonic() + self.engine.boot_seconds
        while time.monotonic() < end and not self.ended.is_set():
            if listens(self.port):
                self.turn("up")
                return True
            self.ended.wait(0.05)
        if not self.ended.is_set():
            seconds = f"{self.engine.boot_seconds:.0f}"
            self.tell(
                "Error R10 (Boot timeout) -> Web process failed to bind to $PORT within "
                f"{seconds} seconds of launch"
            )
            self.tell("Stopping process with SIGKILL")
            self.engine.signal(self.container, "KILL")
            self.ended.wait(10)
        self.turn("crashed")
        return False

    def stop(self) -> None:
        """SIGTERM, and SIGKILL if it is still there 30 s later."""
        if self.ended.is_set():
            return
        self.turn("down")
        self.tell("Stopping all processes with SIGTERM")
        self.engine.signal(self.container, "TERM")
        if not self.ended.wait(self.engine.term_seconds):
            seconds = f"{self.engine.term_seconds:.0f}"
            self.tell(
                "Error R12 (Exit timeout) -> At least one process failed to exit within "
                f"{seconds} seconds of SIGTERM"
            )
            self.tell("Stopping remaining processes with SIGKILL")
            self.engine.signal(self.container, "KILL")
            self.ended.wait(10)

    def turn(self, state: str) -> None:
        """Change the state, and log it."""
        if state != self.state:
            self.tell(f"State changed from {self.state} to {state}")
            self.state, self.updated_at = state, now()

    def tell(self, text: str) -> None:
        """Log what the platform did to it."""
        self.app.log.add("heroku", self.name, text)

    def _follow(self) -> None:
        with self.process.stdout as output:
            for line in output:
                self.app.log.add("app", self.name, line.rstrip("\n"))
                self.on_line(line)
        self.exit_code = self.process.wait()
        self.tell(f"Process exited with status {self.exit_code}")
        self.ended.set()
