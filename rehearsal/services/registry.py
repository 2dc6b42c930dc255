"""A registry that speaks the real protocol and asks for a password: in Docker Hub's place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import bcrypt

from deploy.image.docker import RUN, listens

from .service import Service

CONFIGURATION = """
version: 0.1
log: {{level: warn, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: /data/images}}, delete: {{enabled: true}}}}
http: {{addr: 127.0.0.1:{port}, secret: {secret}}}
auth: {{htpasswd: {{realm: rehearsal, path: /data/htpasswd}}}}
"""


class Registry(Service):
    """A registry at ``address`` (host:port), for one user; its images live in ``directory``."""

    role = "registry"

    def __init__(
        self,
        directory: Path,
        port: int,
        user: str,
        password: str,
        *,
        run: str = RUN,
    ) -> None:
        super().__init__(port, run=run)
        self.directory, self.user, self.password = directory.resolve(), user, password
        self.address = f"127.0.0.1:{self.port}"
        directory.mkdir(parents=True, exist_ok=True)
        text = CONFIGURATION.format(port=self.port, secret=os.urandom(16).hex())
        (directory / "config.yml").write_text(text)
        self.set_password(password)

    def set_password(self, password: str) -> None:
        """Take this password and no other: the registry looks at its file at each login."""
        self.password = password
        hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=5)).decode()
        (self.directory / "htpasswd").write_text(f"{self.user}:{hashed}\n")

    def options(self) -> Sequence[str]:
        """Return the folder, and us as its owner: what it writes there must be ours to remove."""
        owner = f"{os.getuid()}:{os.getgid()}"
        return ("--volume", f"{self.directory}:/data", "--user", owner)

    def ready(self) -> bool:
        """Return whether it listens."""
        return listens(self.port)
