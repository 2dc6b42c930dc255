"""Reads .circleci/config.yml, every key of it: what is not understood stops the reader.

The form is CircleCI's: https://circleci.com/docs/reference/configuration-reference/
A key that was skipped would make the rehearsal another pipeline than the real one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from .strict import Unread, load, mapping, sequence, text, texts

__all__ = ["CONTEXTS", "Container", "Job", "Stage", "Step", "Unread", "Workflow", "read"]

# The variables that each context holds; docs/delivery.md says where their values come from.
CONTEXTS: Mapping[str, tuple[str, ...]] = {
    "docker-hub": ("DOCKERHUB_USERNAME", "DOCKERHUB_TOKEN", "IMAGE_REPOSITORY"),
    "heroku": ("HEROKU_API_KEY",),
    "sentry": ("SENTRY_AUTH_TOKEN", "SENTRY_ORG", "SENTRY_PROJECT"),
}
IMAGE = re.compile(r"cimg/(python|postgres|redis):[\w.-]+")
# One program with words; a word may hold $NAME. Anything else is logic, and belongs into bin/.
COMMAND = re.compile(r"bin/[a-z][a-z-]*(?: (?:[\w./:=@%+,-]|\$[A-Z][A-Z0-9_]*)+)*")


@dataclass(frozen=True)
class Container:
    """One container of a job; its role is what its image is for."""

    image: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """Give ``python``, ``postgres`` or ``redis``."""
        return self.image.removeprefix("cimg/").partition(":")[0]


@dataclass(frozen=True)
class Step:
    """One step: ``kind`` is CircleCI's name of it, the rest what that kind has."""

    kind: str
    name: str
    command: str = ""
    keys: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class Job:
    """Containers, the first of which runs the steps, the others of which serve it."""

    name: str
    containers: tuple[Container, ...]
    environment: Mapping[str, str]
    parallelism: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Stage:
    """A job's place in a workflow; without a job it is an approval."""

    name: str
    job: Job | None
    requires: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    serial_group: str = ""


@dataclass(frozen=True)
class Workflow:
    """Stages in the order of the file."""

    name: str
    stages: tuple[Stage, ...]


def read(path: Path) -> tuple[Workflow, ...]:
    """Give the workflows of a configuration; raise Unread at the first thing not understood."""
    top = mapping(
        load(path), "", needs=("version", "jobs", "workflows"), may=("executors", "commands")
    )
    if top["version"] != 2.1:
        raise Unread("version", f"is {top['version']!r}; only 2.1 is read")
    executors = {
        name: executor(value, f"executors.{name}")
        for name, value in mapping(top.get("executors", {}), "executors").items()
    }
    commands = mapping(top.get("commands", {}), "commands")
    jobs = {
        name: job(name, value, executors, commands)
        for name, value in mapping(top["jobs"], "jobs").items()
    }
    return tuple(
        workflow(name, value, jobs)
        for name, value in mapping(top["workflows"], "workflows").items()
    )


def environment(value: Any, where: str) -> dict[str, str]:
    """Give variables; a value that YAML takes for a number or a truth has to be quoted."""
    return {name: text(found, f"{where}.{name}") for name, found in mapping(value, where).items()}


def containers(value: Any, where: str) -> tuple[Container, ...]:
    """Give a job's containers: one that works, then services."""
    found = []
    for number, item in enumerate(sequence(value, where)):
        place = f"{where}[{number}]"
        parts = mapping(item, place, needs=("image",), may=("environment",))
        image = text(parts["image"], f"{place}.image")
        known = IMAGE.fullmatch(image)
        if not known or (known[1] == "python") != (number == 0):
            raise Unread(
                f"{place}.image",
                f"is {image}; read are cimg/python first, then cimg/postgres and cimg/redis",
            )
        variables = environment(parts.get("environment", {}), f"{place}.environment")
        found.append(Container(image, variables))
    return tuple(found)


def executor(value: Any, where: str) -> tuple[tuple[Container, ...], dict[str, str]]:
    """Give the containers and the variables that jobs of this executor share."""
    parts = mapping(value, where, needs=("docker",), may=("environment",))
    variables = environment(parts.get("environment", {}), f"{where}.environment")
    return containers(parts["docker"], f"{where}.docker"), variables


def job(name: str, value: Any, executors: Mapping[str, Any], commands: Mapping[str, Any]) -> Job:
    """Give one job, with what its executor brings and with its commands unfolded."""
    where = f"jobs.{name}"
    parts = mapping(
        value, where, needs=("steps",), may=("executor", "docker", "environment", "parallelism")
    )
    shared, variables = ground(parts, where, executors)
    own = environment(parts.get("environment", {}), f"{where}.environment")
    parallelism = parts.get("parallelism", 1)
    if type(parallelism) is not int or parallelism < 1:
        raise Unread(f"{where}.parallelism", f"is {parallelism!r}, not a number from 1 up")
    unfolded = steps(parts["steps"], f"{where}.steps", commands)
    return Job(name, shared, {**variables, **own}, parallelism, unfolded)


def ground(
    parts: Mapping[str, Any], where: str, executors: Mapping[str, Any]
) -> tuple[tuple[Container, ...], Mapping[str, str]]:
    """Give the containers and shared variables of a job: its executor's, or its own."""
    if ("executor" in parts) == ("docker" in parts):
        raise Unread(where, "needs either an executor or docker")
    if "docker" in parts:
        return containers(parts["docker"], f"{where}.docker"), {}
    name = text(parts["executor"], f"{where}.executor")
    if name not in executors:
        raise Unread(f"{where}.executor", f"is {name}, which is not among executors")
    return executors[name]


def steps(
    value: Any, where: str, commands: Mapping[str, Any], inside: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Give steps in order; a command's name stands for the command's steps."""
    found: list[Step] = []
    for number, item in enumerate(sequence(value, where)):
        place = f"{where}[{number}]"
        if isinstance(item, str) and item in commands:
            if item in inside:
                raise Unread(f"commands.{item}", "calls itself")
            place = f"commands.{item}"
            parts = mapping(commands[item], place, needs=("steps",))
            found += steps(parts["steps"], f"{place}.steps", commands, (*inside, item))
        else:
            found.append(step(item, place))
    return tuple(found)


def step(value: Any, where: str) -> Step:
    """Give one built-in step."""
    if value in ("checkout", "setup_remote_docker"):
        return Step(value, value)
    if not isinstance(value, dict) or len(value) != 1:
        raise Unread(where, f"is {value!r}, which is neither a step nor a command that is there")
    kind, body = next(iter(value.items()))
    place = f"{where}.{kind}"
    if kind == "run":
        parts = mapping(body, place, needs=("name", "command"))
        line = text(parts["command"], f"{place}.command")
        if not COMMAND.fullmatch(line):
            raise Unread(f"{place}.command", f"is {line!r}, not one bin/<verb> with plain words")
        return Step(kind, text(parts["name"], f"{place}.name"), command=line)
    if kind == "restore_cache":
        parts = mapping(body, place, needs=("keys",))
        return Step(kind, kind, keys=texts(parts["keys"], f"{place}.keys"))
    if kind == "save_cache":
        parts = mapping(body, place, needs=("key", "paths"))
        key, paths = text(parts["key"], f"{place}.key"), texts(parts["paths"], f"{place}.paths")
        return Step(kind, kind, keys=(key,), paths=paths)
    if kind in ("store_test_results", "store_artifacts"):
        parts = mapping(body, place, needs=("path",))
        return Step(kind, kind, path=text(parts["path"], f"{place}.path"))
    raise Unread(place, "is a step that is not read")


def workflow(name: str, value: Any, jobs: Mapping[str, Job]) -> Workflow:
    """Give one workflow, whose stages name jobs and each other rightly."""
    where = f"workflows.{name}"
    items = sequence(mapping(value, where, needs=("jobs",))["jobs"], f"{where}.jobs")
    stages = tuple(stage(item, f"{where}.jobs[{n}]", jobs) for n, item in enumerate(items))
    names = [found.name for found in stages]
    for found in stages:
        if names.count(found.name) > 1:
            raise Unread(f"{where}.{found.name}", "is there twice")
        for required in found.requires:
            if required not in names:
                raise Unread(f"{where}.{found.name}.requires", f"{required} is not in here")
    if len({found.serial_group for found in stages if found.serial_group}) > 1:
        raise Unread(where, "has two serial groups; CircleCI allows one in a workflow")
    try:
        TopologicalSorter({found.name: found.requires for found in stages}).prepare()
    except CycleError as error:
        raise Unread(where, f"goes in a circle: {' -> '.join(error.args[1])}") from None
    return Workflow(name, stages)


def stage(value: Any, where: str, jobs: Mapping[str, Job]) -> Stage:
    """Give a job's place in the workflow, or an approval."""
    if isinstance(value, str):
        value = {value: {}}
    if not isinstance(value, dict) or len(value) != 1:
        raise Unread(where, f"is {value!r}, not one job")
    name, body = next(iter(value.items()))
    where = f"{where}.{name}"
    if isinstance(body, dict) and "type" in body:
        parts = mapping(body, where, needs=("type",), may=("requires", "filters"))
        if parts["type"] != "approval":
            raise Unread(f"{where}.type", f"is {parts['type']!r}; only approval is read")
    else:
        parts = mapping(body, where, may=("requires", "context", "filters", "serial-group"))
        if name not in jobs:
            raise Unread(where, "is not among jobs")
    only, ignore = branches(parts.get("filters", {}), f"{where}.filters")
    group = parts.get("serial-group")
    return Stage(
        name=name,
        job=None if "type" in parts else jobs[name],
        requires=texts(parts.get("requires", []), f"{where}.requires"),
        contexts=contexts(parts.get("context", []), f"{where}.context"),
        only=only,
        ignore=ignore,
        serial_group="" if group is None else text(group, f"{where}.serial-group"),
    )


def contexts(value: Any, where: str) -> tuple[str, ...]:
    """Give the names of contexts, each of which is one of CONTEXTS."""
    names = texts(value, where)
    for name in names:
        if name not in CONTEXTS:
            raise Unread(where, f"{name} is none of {', '.join(CONTEXTS)}")
    return names


def branches(value: Any, where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the branches a stage is for, and those it is not for."""
    place = f"{where}.branches"
    inner = mapping(value, where, may=("branches",)).get("branches", {})
    parts = mapping(inner, place, may=("only", "ignore"))
    return (
        texts(parts.get("only", []), f"{place}.only"),
        texts(parts.get("ignore", []), f"{place}.ignore"),
    )
