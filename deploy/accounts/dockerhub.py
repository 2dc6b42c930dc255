"""Docker Hub: the repository for the images.

https://docs.docker.com/reference/api/hub/latest/
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ..commands import Call, Secret
from ..cli import Stop
from ..runner import Actor
from .record import Record, find

USER, TOKEN = "DOCKERHUB_USERNAME", "DOCKERHUB_TOKEN"
# What the token is exchanged for.
SESSION = "session"
HOSTS = {"docker.io", "index.docker.io", "registry-1.docker.io"}
BY_HAND = "https://hub.docker.com/repository/create"


@dataclass(frozen=True)
class DockerHub:
    """The calls that we use; ``DOCKERHUB_URL`` can name another server."""

    url: str = field(
        default_factory=lambda: os.environ.get("DOCKERHUB_URL", "https://hub.docker.com")
    )

    def log_in(self) -> Call:
        """Return the call that exchanges the access token for a short-lived one of the API."""
        body = {"identifier": os.environ.get(USER, f"${USER}"), "secret": Secret(TOKEN)}
        example = {"access_token": ""}
        return Call("POST", f"{self.url}/v2/auth/token", body, example=example)

    def repository(self, namespace: str, name: str, session: Secret) -> Call:
        """Return the call for a repository."""
        url = f"{self.url}/v2/namespaces/{namespace}/repositories/{name}"
        return Call("GET", url, headers={"Authorization": session})

    def create(self, namespace: str, name: str, session: Secret) -> Call:
        """Return the call that creates a private repository."""
        body = {"name": name, "namespace": namespace, "is_private": True}
        url = f"{self.url}/v2/namespaces/{namespace}/repositories"
        return Call("POST", url, body, {"Authorization": session})


def split(repository: str) -> tuple[str, str] | None:
    """Return namespace and name of a repository of Docker Hub's; None for another registry's.

    >>> split("docker.io/you/oc-lettings")
    ('you', 'oc-lettings')
    """
    host, _, path = repository.partition("/")
    namespace, _, name = path.partition("/")
    return (namespace, name) if host in HOSTS and namespace and name else None


def set_up(actor: Actor, hub: DockerHub, record: Record) -> None:
    """Create the repository if it is missing; say who has to if the token may not."""
    where = os.environ.get("IMAGE_REPOSITORY", "docker.io/you/oc-lettings")
    place = split(where)
    if not place:
        record.by_hand(f"{where} is not Docker Hub's: see that its repository is there")
        return
    session = Secret(SESSION, actor.ask(hub.log_in())["access_token"], "Bearer ")
    if find(actor, hub.repository(*place, session)):
        record.there(f"Docker Hub: {where}")
        return
    try:
        actor.ask(hub.create(*place, session))
    except Stop as refused:
        # Personal tokens may write to repositories; whether they may make one is Docker's to say.
        record.by_hand(
            f"Docker Hub: make the repository {'/'.join(place)} at {BY_HAND}, which it refused to"
            f" this token ({str(refused).splitlines()[0]})"
        )
        return
    record.made(f"Docker Hub: {where}, private")
