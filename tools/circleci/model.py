"""What a workflow file says, once it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HOME = "/home/circleci"
PROJECT = f"{HOME}/project"
# https://circleci.com/docs/reference/configuration-reference/#default-shell-options
SHELL = "/bin/bash -eo pipefail"
# How a job can end; "terminal" stands for each of them:
# https://circleci.com/changelog/terminal-jobs-released
ENDS = ("success", "failed", "canceled", "unauthorized", "not_run")


@dataclass(frozen=True)
class Container:
    """One container of a job; its role is what its image is for.

    ``auth`` has the login that its image is pulled with, as names of variables ($NAME).
    """

    image: str
    environment: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        """Return ``python``, ``postgres`` or ``redis``."""
        return self.image.removeprefix("cimg/").partition(":")[0]


@dataclass(frozen=True)
class Step:
    """One step: ``kind`` is CircleCI's name of it, the rest what that kind has.

    ``path`` is what is stored, a workspace's root, or where a workspace is attached.
    """

    kind: str
    name: str
    command: str = ""
    keys: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    path: str = ""
    destination: str = ""
    when: str = "on_success"
    shell: str = ""
    working_directory: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    layer_caching: bool = False


@dataclass(frozen=True)
class Job:
    """Containers, the first of which runs the steps, the others of which serve it."""

    name: str
    containers: tuple[Container, ...]
    environment: Mapping[str, str]
    parallelism: int
    steps: tuple[Step, ...]
    working_directory: str = PROJECT
    shell: str = SHELL
    resource_class: str = ""


@dataclass(frozen=True)
class Stage:
    """A job's place in a workflow; without a job it is an approval.

    ``accepts`` has, by the name of a job required, how that one may have ended.
    """

    name: str
    job: Job | None
    requires: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    serial_group: str = ""
    accepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Workflow:
    """Stages in the order of the file."""

    name: str
    stages: tuple[Stage, ...]
