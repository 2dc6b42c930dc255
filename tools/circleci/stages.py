"""Read a workflow: which jobs it has, in which order, for which branches, with which secrets.

https://circleci.com/docs/reference/configuration-reference/#workflows
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from .model import ENDS, Job, Stage, Workflow
from .steps import named, steps
from .strict_yaml import Unread, mapping, one_of, sequence, text, texts

# The variables that each context holds; docs/delivery.md says where their values come from.
CONTEXTS: Mapping[str, tuple[str, ...]] = {
    "docker-hub": ("DOCKERHUB_USERNAME", "DOCKERHUB_TOKEN", "IMAGE_REPOSITORY"),
    "heroku": ("HEROKU_API_KEY",),
    "sentry": ("SENTRY_AUTH_TOKEN", "SENTRY_ORG", "SENTRY_PROJECT"),
}
# https://circleci.com/docs/reference/configuration-reference/#serial-group
SERIAL_GROUP = re.compile(r"[A-Za-z0-9._/-]{1,512}")
OF_APPROVALS = ("type", "name", "requires", "filters")
OF_JOBS = ("name", "requires", "context", "filters", "serial-group", "pre-steps", "post-steps")


def workflow(
    name: str, value: Any, jobs: Mapping[str, Job], commands: Mapping[str, Any]
) -> Workflow:
    """Return one workflow, whose stages name jobs and each other rightly."""
    where = f"workflows.{name}"
    items = sequence(mapping(value, where, needs=("jobs",))["jobs"], f"{where}.jobs")
    stages = tuple(
        stage(item, f"{where}.jobs[{n}]", jobs, commands) for n, item in enumerate(items)
    )
    names = [found.name for found in stages]
    for found in stages:
        if names.count(found.name) > 1:
            raise Unread(f"{where}.{found.name}", "is there twice")
        for required in found.requires:
            if required not in names:
                raise Unread(f"{where}.{found.name}.requires", f"{required} is not in here")
    refuse_shared_groups(stages, where)
    try:
        TopologicalSorter({found.name: found.requires for found in stages}).prepare()
    except CycleError as error:
        raise Unread(where, f"goes in a circle: {' -> '.join(error.args[1])}") from None
    return Workflow(name, stages)


def refuse_shared_groups(stages: tuple[Stage, ...], where: str) -> None:
    """Raise Unread naming a serial group that two stages of a workflow have: each needs its own.

    https://circleci.com/docs/guides/orchestrate/controlling-serial-execution-across-your-organization/#no-multiple-keys-in-a-single-workflow
    """
    had: dict[str, str] = {}
    for each in stages:
        if each.serial_group in had:
            raise Unread(
                f"{where}.{each.name}.serial-group",
                f"is {each.serial_group}, which {had[each.serial_group]} has already; "
                "each serial group of a workflow has one job",
            )
        if each.serial_group:
            had[each.serial_group] = each.name


def stage(value: Any, where: str, jobs: Mapping[str, Job], commands: Mapping[str, Any]) -> Stage:
    """Return a job's place in the workflow, or an approval."""
    name, body = named(value, where)
    where = f"{where}.{name}"
    body = {} if body is None else body
    approval = isinstance(body, dict) and "type" in body
    parts = mapping(body, where, may=OF_APPROVALS if approval else OF_JOBS)
    if approval:
        one_of(parts["type"], f"{where}.type", ["approval"])
    elif name not in jobs:
        raise Unread(where, "is not among jobs")
    only, ignore = branches(parts.get("filters", {}), f"{where}.filters")
    accepts = required(parts.get("requires", []), f"{where}.requires")
    held = contexts(parts.get("context", []), f"{where}.context")
    found = None if approval else extended(jobs[name], parts, where, commands)
    if found:
        refuse_unknown_logins(found, held, where)
    return Stage(
        name=text(parts.get("name", name), f"{where}.name"),
        job=found,
        requires=tuple(accepts),
        contexts=held,
        only=only,
        ignore=ignore,
        serial_group=serial_group(parts, f"{where}.serial-group"),
        accepts={name: ends for name, ends in accepts.items() if ends != ("success",)},
    )


def extended(job: Job, parts: Mapping[str, Any], where: str, commands: Mapping[str, Any]) -> Job:
    """Return a job with the steps that its place in the workflow has before and after its own."""
    before, after = (
        steps(parts[name], f"{where}.{name}", commands) if name in parts else ()
        for name in ("pre-steps", "post-steps")
    )
    return replace(job, steps=before + job.steps + after)


def required(value: Any, where: str) -> dict[str, tuple[str, ...]]:
    """Return how each job that is required may have ended, by its name.

    A name alone asks for success; a name may have one state or several, or ``terminal`` for each.
    """
    found: dict[str, tuple[str, ...]] = {}
    for number, item in enumerate(sequence(value, where) if value != [] else ()):
        place = f"{where}[{number}]"
        name, states = named(item, place)
        name = text(name, place)
        if states is None:
            found[name] = ("success",)
        elif states == "terminal":
            found[name] = ENDS
        else:
            known = texts(states, f"{place}.{name}")
            found[name] = tuple(one_of(state, f"{place}.{name}", ENDS) for state in known)
    return found


def contexts(value: Any, where: str) -> tuple[str, ...]:
    """Return the names of contexts, each of which is one of CONTEXTS."""
    names = texts(value, where)
    for name in names:
        if name not in CONTEXTS:
            raise Unread(where, f"{name} is none of {', '.join(CONTEXTS)}")
    return names


def refuse_unknown_logins(job: Job, held: tuple[str, ...], where: str) -> None:
    """Raise Unread naming a variable of an image's login that no context of the stage holds."""
    known = {name for context in held for name in CONTEXTS[context]}
    for container in job.containers:
        for name in container.auth:
            if name not in known:
                raise Unread(f"{where}.context", f"holds no {name}, which pulls {container.image}")


def serial_group(parts: Mapping[str, Any], where: str) -> str:
    """Return the serial group of a stage, or nothing."""
    if "serial-group" not in parts:
        return ""
    found = text(parts["serial-group"], where)
    if not SERIAL_GROUP.fullmatch(found):
        raise Unread(where, f"is {found!r}; it may have letters, digits and . - _ / (512 at most)")
    return found


def branches(value: Any, where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the branches a stage is for, and those it is not for."""
    place = f"{where}.branches"
    inner = mapping(value, where, may=("branches",)).get("branches", {})
    parts = mapping(inner, place, may=("only", "ignore"))
    found = []
    for name in ("only", "ignore"):
        found.append(texts(parts.get(name, []), f"{place}.{name}"))
        for pattern in found[-1]:
            refuse_bad_pattern(pattern, f"{place}.{name}")
    return found[0], found[1]


def refuse_bad_pattern(pattern: str, where: str) -> None:
    """Raise Unread unless what is between slashes is a regular expression."""
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        try:
            re.compile(pattern[1:-1])
        except re.error as error:
            raise Unread(where, f"is {pattern}, no regular expression: {error}") from None
