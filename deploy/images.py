"""The tested images of a commit, where the pipeline puts them: Docker Hub or any registry.

Only ``bin/image push`` in the pipeline writes the tag of a commit, after lint and tests: the tag
is the proof that the commit was tested.
"""

from __future__ import annotations

import os

from .act import ABSENT, NO_ENGINE, Actor, CommandFailed
from .calls import Command, command
from .commits import short
from .image.commands import PROCESSES
from .image.engine import REFUSED
from .words import Stop, need

REVISION = "org.opencontainers.image.revision"
BUILD_AGAIN = "Its tag can't be trusted; let the pipeline build and push it again."
NEED_REPOSITORY = (
    "IMAGE_REPOSITORY",
    "It says where the pipeline pushes the images.",
    "export IMAGE_REPOSITORY=docker.io/you/oc-lettings",
)


def repository(dry: bool) -> str:
    """Give the repository of the images, without a tag."""
    if dry:
        return os.environ.get("IMAGE_REPOSITORY", "$IMAGE_REPOSITORY")
    return need(*NEED_REPOSITORY)


def tested(repository: str, commit: str) -> dict[str, str]:
    """Give the names of a commit's images by process type: same layers, another command."""
    return {process: f"{repository}:{commit}{suffix}" for process, suffix in PROCESSES.items()}


def login(repository: str) -> list[Command]:
    """Give the login that pulling needs; none without a token (a public repository)."""
    if not os.environ.get("DOCKERHUB_TOKEN"):
        return []
    first = repository.split("/")[0]
    host = first if "." in first or ":" in first else "docker.io"
    user = os.environ.get("DOCKERHUB_USERNAME", "")
    argv = ("docker", "login", "--username", user, "--password-stdin", host)
    return [command(*argv, secret="DOCKERHUB_TOKEN", quiet=True)]


def label(image: str) -> Command:
    """Ask which commit an image was built from."""
    wish = f'{{{{index .Config.Labels "{REVISION}"}}}}'
    return command("docker", "image", "inspect", "--format", wish, image, quiet=True)


def log_in(actor: Actor, login: Command) -> None:
    """Log in; Stop with a clear word when the registry refuses."""
    try:
        actor.run(login)
    except CommandFailed as failed:
        raise refused(login.argv[-1], login.secret, failed) from None


def pull(
    actor: Actor,
    image: str,
    commit: str,
    absent: str,
    way: str = BUILD_AGAIN,
    secret: str = "DOCKERHUB_TOKEN",
) -> None:
    """Fetch an image and make sure that it is the commit's.

    ``absent`` is why it isn't there, ``way`` what helps if it is another commit's, ``secret`` the
    variable of the registry's token.
    """
    try:
        actor.run(command("docker", "pull", "--quiet", image, quiet=True))
    except CommandFailed as failed:
        if ABSENT.search(failed.output):
            raise Stop(absent) from None
        raise refused(image.split("/")[0], secret, failed) from None
    built_from = actor.run(label(image)).strip()
    if not actor.dry and built_from != commit:
        raise Stop(
            f"{image} says that it was built from {built_from or 'no commit at all'}, not from "
            f"{commit}.\n  {way}"
        )


def push(actor: Actor, source: str, target: str, secret: str) -> None:
    """Put an image under another name into another registry; layers already there are not sent."""
    actor.run(command("docker", "tag", source, target, quiet=True))
    try:
        actor.run(command("docker", "push", "--quiet", target, quiet=True))
    except CommandFailed as failed:
        raise refused(target.split("/")[0], secret, failed) from None


def refused(registry: str, secret: str, failed: CommandFailed) -> Stop:
    """Give the Stop for a registry that said no, or nothing."""
    last = failed.output.strip().splitlines()[-1:] or ["it said nothing"]
    if NO_ENGINE.search(failed.output):
        return Stop(
            f"no Docker engine can be used: {last[0]}\n"
            "  Nothing was released. See that `docker version` names a server, then type the same "
            "again."
        )
    if REFUSED.search(failed.output):
        return Stop(
            f"the registry {registry} refuses the user or the token in {secret}: {last[0]}\n"
            "  Nothing was released. Make a new token and set it where the pipeline keeps it "
            "(docs/delivery.md)."
        )
    return Stop(
        f"the registry {registry} could not be reached, after three attempts: {last[0]}\n"
        "  Nothing was released, and the site serves as before. When the registry is back, type "
        "the same again."
    )


def untested(repository: str, commit: str) -> str:
    """Say that a commit has no image, which only tested ones have."""
    return (
        f"{repository} has no image of {short(commit)}: its tests did not pass, or have not "
        "finished, or it was never pushed to main.\n"
        "  Look at the commit's pipeline; once its job 'image' is green, type the same again."
    )
