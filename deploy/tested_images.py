"""Find the tested images of a commit, at Docker Hub or any other registry.

Only ``bin/image push`` in the pipeline writes the tag of a commit, after lint and tests: the tag
is the proof that the commit was tested.
"""

from __future__ import annotations

import os

from .commands import Account, Copy, Found, Inspect
from .commits import short
from .cli import Stop, need, say
from .image.commands import PROCESSES, SCHEMA_2
from .registry import image_names
from .registry.client import Refused
from .runner import Actor

BUILD_AGAIN = "Its tag can't be trusted; let the pipeline build and push it again."
NEED_REPOSITORY = (
    "IMAGE_REPOSITORY",
    "It says where the pipeline pushes the images.",
    "export IMAGE_REPOSITORY=docker.io/you/oc-lettings",
)


def repository(dry: bool) -> str:
    """Return the repository of the images, without a tag; raise Stop if its name is invalid."""
    if dry:
        return os.environ.get("IMAGE_REPOSITORY", "$IMAGE_REPOSITORY")
    given = need(*NEED_REPOSITORY)
    fault = image_names.fault(given)
    if fault:
        _, why, how = NEED_REPOSITORY
        raise Stop(f"IMAGE_REPOSITORY is {given!r}: {fault}. {why}\n  {how}")
    return given


def tested(repository: str, commit: str) -> dict[str, str]:
    """Return a commit's image names by process type; they share all layers."""
    return {process: f"{repository}:{commit}{suffix}" for process, suffix in PROCESSES.items()}


def hub_account(repository: str) -> Account:
    """Return the account that pulls images; None without a token (a public repository)."""
    if not os.environ.get("DOCKERHUB_TOKEN"):
        return Account(secret="DOCKERHUB_TOKEN")
    return Account(os.environ.get("DOCKERHUB_USERNAME", ""), "DOCKERHUB_TOKEN")


def find(
    acting: Actor,
    image: str,
    account: Account,
    commit: str,
    absent: str,
    way: str = BUILD_AGAIN,
) -> Found:
    """Return an image's data; raise Stop unless Heroku can run it, and it is of the commit.

    ``absent`` says why it may be missing, ``way`` what to do if it is of another commit.
    """
    try:
        found = acting.inspect(Inspect(image, account))
    except Refused as refused:
        if refused.refusal.absent:
            raise Stop(absent) from None
        raise stopped(refused) from None
    if acting.dry:
        return found
    if found.kind != SCHEMA_2:
        raise Stop(f"{image} is a {found.kind}, which Heroku can't run.\n  {BUILD_AGAIN}")
    if found.commit != commit:
        raise Stop(
            f"{image} says that it was built from {found.commit or 'no commit at all'}, not from "
            f"{commit}.\n  {way}"
        )
    return found


def copy(
    acting: Actor, ways: dict[str, tuple[str, str]], reader: Account, writer: Account
) -> None:
    """Copy images, by process type: source by digest, and target. The layers go once.

    Within one registry they need not go at all: they are in the source's repository already.
    """
    first = ""
    for source, target in ways.values():
        beside = (
            source if image_names.image(source).host == image_names.image(target).host else first
        )
        say(f"{target}: from {source}")
        try:
            acting.copy(Copy(source, target, reader, writer, beside))
        except Refused as refused:
            raise stopped(refused) from None
        first = first or target


def stopped(refused: Refused) -> Stop:
    """Return the Stop for a registry that refused or did not answer."""
    return Stop(f"{refused}\n  Nothing was released. {refused.way}")


def untested(repository: str, commit: str) -> str:
    """Return the message for a commit without images: only tested commits have them."""
    return (
        f"{repository} has no image of {short(commit)}: its tests did not pass, or have not "
        "finished, or it was never pushed to main.\n"
        "  Look at the commit's pipeline; once its job 'image' is green, type the same again."
    )
