"""What images are called: https://pkg.go.dev/github.com/distribution/reference"""

from __future__ import annotations

import re
from dataclasses import dataclass

DOCKER_HUB = "docker.io"
# Docker Hub's name is not where its registry answers.
HUB_HOSTS = (DOCKER_HUB, "index.docker.io", "registry-1.docker.io")
HUB_SERVER = "registry-1.docker.io"
HUB_PAGES = ("hub.docker.com", "www.docker.com", "app.docker.com")
LOOP_BACK = re.compile(r"(127\.[\d.]+|localhost|\[::1\])(:\d+)?")

HOST = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(:\d{1,5})?", re.I)
PART = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
MOST_CHARACTERS = 255


@dataclass(frozen=True)
class Image:
    """An image in a registry: host, path below ``/v2/``, tag or digest."""

    host: str
    path: str
    reference: str = "latest"

    def __str__(self) -> str:
        between = "@" if ":" in self.reference else ":"
        return f"{self.host}/{self.path}{between}{self.reference}"

    @property
    def server(self) -> str:
        """The address of the registry's API; on the loop-back it speaks plain HTTP."""
        host = HUB_SERVER if self.host in HUB_HOSTS else self.host
        return f"{'http' if LOOP_BACK.fullmatch(host) else 'https'}://{host}"

    def at(self, reference: str) -> Image:
        """Return what has this tag or digest in the same repository."""
        return Image(self.host, self.path, reference)


def split(repository: str) -> tuple[str, str]:
    """Return host and path of a repository's name; without a host it is Docker Hub's.

    >>> split("someone/oc-lettings"), split("127.0.0.1:5000/oc-lettings")
    (('docker.io', 'someone/oc-lettings'), ('127.0.0.1:5000', 'oc-lettings'))
    """
    first, slash, rest = repository.partition("/")
    if slash and re.search(r"[.:]|^localhost$", first):
        return first, rest
    return DOCKER_HUB, repository


def image(name: str) -> Image:
    """Return the image of a full name: repository, then ``:tag`` or ``@digest``.

    >>> str(image("someone/oc-lettings:abc"))
    'docker.io/someone/oc-lettings:abc'
    """
    repository, _, digest = name.partition("@")
    tag = re.search(r":([\w][\w.-]*)$", repository)
    if tag:
        repository = repository[: tag.start()]
    host, path = split(repository)
    return Image(host, path, digest or (tag[1] if tag else "latest"))


def fault(repository: str) -> str:
    """Return what is wrong with a repository's name that something is to be pushed to, or nothing.

    >>> fault("docker.io/someone/oc-lettings")
    ''
    >>> fault("oc-lettings")
    "it names no account: alone, that is library/oc-lettings, which is Docker's own"
    """
    found = _spelling(repository)
    if found:
        return found
    host, path = split(repository)
    parts = path.split("/")
    if host in HUB_PAGES:
        return f"{host} is a page; Docker Hub's registry is {DOCKER_HUB}"
    if not HOST.fullmatch(host):
        return f"{host!r} is no host"
    if not all(PART.fullmatch(part) for part in parts):
        return f"{path!r} is no path: small letters, digits, and single . _ - between them"
    if host in HUB_HOSTS:
        return _hub_fault(parts)
    return ""


def _spelling(repository: str) -> str:
    """Return what is wrong with the name before it is taken apart, or nothing."""
    if not repository:
        return "it is empty"
    if re.search(r"\s", repository):
        return "it holds a space or a line break"
    if "://" in repository:
        return "it is an address; leave out what ends with ://"
    if "@" in repository:
        return "it holds an @; leave out digest, user or password"
    if re.search(r":[^/]*$", repository.partition("/")[2]):
        return "it has a tag; the tags are ours to give"
    if len(repository) > MOST_CHARACTERS:
        return f"it is longer than {MOST_CHARACTERS} characters"
    return ""


def _hub_fault(parts: list[str]) -> str:
    """Return what is wrong with a path at Docker Hub, where every name is ``account/name``."""
    if len(parts) == 1:
        return f"it names no account: alone, that is library/{parts[0]}, which is Docker's own"
    if parts[0] == "library":
        return "library is Docker's own, for official images"
    if len(parts) > 2:
        return "at Docker Hub a repository is account/name, and no more"
    return ""
