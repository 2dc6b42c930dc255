"""The rehearsal's Docker images: built here, from packages, and named by their role."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.image.docker import docker

from ..proxy_settings import for_build

FOLDER = Path(__file__).resolve().parent
# In the order of the Dockerfile's stages.
ROLES = ("python", "postgres", "redis", "registry", "sentry")
# Built where a test wants it: no part of the way plays it.
ON_DEMAND = ("engine",)


def image(role: str) -> str:
    """Return the name of a role's image.

    >>> image("postgres")
    'oc-rehearsal/role:postgres'
    """
    if role not in (*ROLES, *ON_DEMAND):
        raise ValueError(f"there is no role '{role}'; there are {', '.join(ROLES)}")
    return f"oc-rehearsal/role:{role}"


def command(
    role: str, base: str, secrets: Sequence[str] = (), no_cache: bool = False
) -> list[str]:
    """Return docker's words for the build of one role.

    >>> command("redis", "", ["--secret", "id=ca,src=/ca.pem"])[:5]
    ['build', '--target', 'redis', '--tag', 'oc-rehearsal/role:redis']
    """
    words = ["build", "--target", role, "--tag", image(role), *secrets]
    words += ["--build-arg", f"BASE_IMAGE={base}"] if base else []
    words += ["--no-cache"] if no_cache else []
    return [*words, str(FOLDER)]


def build(roles: Sequence[str] = ROLES, base: str = "", no_cache: bool = False) -> None:
    """Build the images, side by side; raise DockerFailed with docker's words when one fails.

    ``base`` is BASE_IMAGE's value, or python:3.13-slim, if it is not given.
    """
    base = base or os.environ.get("BASE_IMAGE", "")
    with for_build() as secrets, ThreadPoolExecutor(len(ROLES)) as pool:
        commands = [command(role, base, secrets, no_cache) for role in roles]
        list(pool.map(lambda words: docker(*words), commands))
