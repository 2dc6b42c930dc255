"""Read .circleci/config.yml, every key of it: what is not understood stops the reader.

The form is CircleCI's: https://circleci.com/docs/reference/configuration-reference/
A key that was skipped would make the rehearsal another pipeline than the real one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .model import Container, Job, Stage, Step, Workflow
from .stages import CONTEXTS, workflow
from .steps import command, directory, environment, shell, steps
from .strict_yaml import Unread, load, mapping, one_of, sequence, text

__all__ = ["CONTEXTS", "Container", "Job", "Stage", "Step", "Unread", "Workflow", "read"]

IMAGE = re.compile(r"cimg/(python|postgres|redis):[\w.-]+")
# Those of Linux in a container:
# https://circleci.com/docs/reference/configuration-reference/#resourceclass
RESOURCES = re.compile(r"(small|medium\+?|large|xlarge|2xlarge\+?)(\.gen[23])?")
# What an executor says of each job that runs in it, and a job may say itself.
GROUND = ("docker", "environment", "working_directory", "shell", "resource_class", "description")
VARIABLE = re.compile(r"\$[A-Z][A-Z0-9_]*")


def read(path: Path) -> Workflow:
    """Return the workflow of a file; raise Unread at the first thing that is not understood."""
    return understood(load(path))


def understood(config: Any) -> Workflow:
    """Return the workflow of a configuration, as YAML has it; raise Unread as ``read`` does."""
    needs, may = ("version", "jobs", "workflows"), ("executors", "commands")
    top = mapping(config, "", needs, may)
    if top["version"] not in (2.1, "2.1"):
        raise Unread("version", f"is {top['version']!r}; only 2.1 is read")
    executors = {
        name: executor(value, f"executors.{name}")
        for name, value in mapping(top.get("executors", {}), "executors").items()
    }
    commands = mapping(top.get("commands", {}), "commands")
    for name in commands:
        command(name, commands)
    jobs = {
        name: job(name, value, executors, commands)
        for name, value in mapping(top["jobs"], "jobs").items()
    }
    workflows = mapping(top["workflows"], "workflows")
    if len(workflows) != 1:
        raise Unread("workflows", f"has {', '.join(workflows) or 'none'}; exactly one is read")
    [(name, value)] = workflows.items()
    return workflow(name, value, jobs, commands)


def containers(value: Any, where: str) -> tuple[Container, ...]:
    """Return a job's containers: one that works, then services."""
    found = []
    for number, item in enumerate(sequence(value, where)):
        place = f"{where}[{number}]"
        parts = mapping(item, place, needs=("image",), may=("environment", "auth"))
        image = text(parts["image"], f"{place}.image")
        known = IMAGE.fullmatch(image)
        if not known or (known[1] == "python") != (number == 0):
            raise Unread(
                f"{place}.image",
                f"is {image}; read are cimg/python first, then cimg/postgres and cimg/redis",
            )
        variables = environment(parts.get("environment", {}), f"{place}.environment")
        login = auth(parts["auth"], f"{place}.auth") if "auth" in parts else ()
        found.append(Container(image, variables, login))
    return tuple(found)


def auth(value: Any, where: str) -> tuple[str, ...]:
    """Return the variables that the login of an image names; a password in the file is refused.

    https://circleci.com/docs/private-images/
    """
    parts = mapping(value, where, needs=("username", "password"))
    for name in parts:
        text(parts[name], f"{where}.{name}")
    if not VARIABLE.fullmatch(parts["password"]):
        raise Unread(f"{where}.password", "is no $NAME of a variable")
    return tuple(each[1:] for each in parts.values() if VARIABLE.fullmatch(each))


def executor(value: Any, where: str) -> dict[str, Any]:
    """Return what jobs of this executor share, by the names that a Job has for it."""
    return ground(mapping(value, where, needs=("docker",), may=GROUND), where)


def ground(parts: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return what is said of where a job runs, by the names that a Job has for it."""
    found: dict[str, Any] = {}
    if "docker" in parts:
        found["containers"] = containers(parts["docker"], f"{where}.docker")
    if "environment" in parts:
        found["environment"] = environment(parts["environment"], f"{where}.environment")
    if "working_directory" in parts:
        place = f"{where}.working_directory"
        found["working_directory"] = directory(parts["working_directory"], place)
    if "shell" in parts:
        found["shell"] = shell(parts["shell"], f"{where}.shell")
    if "resource_class" in parts:
        size = text(parts["resource_class"], f"{where}.resource_class")
        if not RESOURCES.fullmatch(size):
            raise Unread(f"{where}.resource_class", f"is {size}, no size of a Linux container")
        found["resource_class"] = size
    if "description" in parts:
        text(parts["description"], f"{where}.description")
    return found


def job(name: str, value: Any, executors: Mapping[str, Any], commands: Mapping[str, Any]) -> Job:
    """Return one job, with what its executor brings and with its commands unfolded."""
    where = f"jobs.{name}"
    may = ("executor", *GROUND, "parallelism", "type")
    parts = mapping(value, where, needs=("steps",), may=may)
    one_of(parts.get("type", "build"), f"{where}.type", ["build"])
    if ("executor" in parts) == ("docker" in parts):
        raise Unread(where, "needs either an executor or docker")
    shared = {} if "docker" in parts else chosen(parts["executor"], where, executors)
    own = ground(parts, where)
    variables = {**shared.get("environment", {}), **own.get("environment", {})}
    parallelism = parts.get("parallelism", 1)
    if type(parallelism) is not int or parallelism < 1:
        raise Unread(f"{where}.parallelism", f"is {parallelism!r}, not a number from 1 up")
    unfolded = steps(parts["steps"], f"{where}.steps", commands)
    plain = Job(name, (), {}, parallelism, unfolded)
    return replace(plain, **{**shared, **own, "environment": variables})


def chosen(value: Any, where: str, executors: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a job's executor shares; it is named alone, or as ``name`` in a mapping."""
    place = f"{where}.executor"
    if isinstance(value, dict):
        place, value = f"{place}.name", mapping(value, place, needs=("name",))["name"]
    name = text(value, place)
    if name not in executors:
        raise Unread(place, f"is {name}, which is not among executors")
    return executors[name]
