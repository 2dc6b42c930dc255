"""Redis, as cimg/redis has it in CI, and as Heroku's add-on has it for the site."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.image.docker import docker

from .service import Service


class Redis(Service):
    """A Redis server that writes nothing to disk: what it holds goes when it stops."""

    role = "redis"

    @property
    def url(self) -> str:
        """Return its REDIS_URL."""
        return self.url_of(0)

    def url_of(self, number: int) -> str:
        """Return the REDIS_URL of one of its databases, 0 to 15: each app's tasks are its own."""
        return f"redis://127.0.0.1:{self.port}/{number}"

    def command(self) -> Sequence[str]:
        """Return the image's command, at our port."""
        return ("redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "")

    def ready(self) -> bool:
        """Return whether it answers PING."""
        asked = ("redis-cli", "-p", str(self.port), "PING")
        return "PONG" in docker("exec", self.container, *asked, check=False).stdout
