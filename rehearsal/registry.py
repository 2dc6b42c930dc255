"""A registry that speaks the real protocol and asks for a password: Debian's docker-registry."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import bcrypt

CONFIGURATION = """
version: 0.1
log: {{level: warn, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {directory}/data}}, delete: {{enabled: true}}}}
http: {{addr: 127.0.0.1:{port}, secret: {secret}}}
auth: {{htpasswd: {{realm: rehearsal, path: {directory}/htpasswd}}}}
"""


class Registry:
    """A registry at ``address`` (host:port), for one user; its images live in ``directory``."""

    def __init__(self, directory: Path, port: int, user: str, password: str) -> None:
        if not shutil.which("docker-registry"):
            raise SystemExit("rehearsal: docker-registry is missing; apt install docker-registry")
        directory.mkdir(parents=True, exist_ok=True)
        self.address, self.directory, self.port = f"127.0.0.1:{port}", directory, port
        hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=5)).decode()
        (directory / "htpasswd").write_text(f"{user}:{hashed}\n")
        text = CONFIGURATION.format(directory=directory, port=port, secret=os.urandom(16).hex())
        (directory / "config.yml").write_text(text)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Registry":
        """Start it; give it back when it listens."""
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                ["docker-registry", "serve", str(self.directory / "config.yml")],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        self.stop()
        raise SystemExit(f"rehearsal: the registry did not start; see {self.directory}/log")

    def stop(self) -> None:
        """Stop it; what was pushed stays."""
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def __enter__(self) -> "Registry":
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()
