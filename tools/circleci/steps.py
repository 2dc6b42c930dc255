"""Read the steps of a job.

https://circleci.com/docs/reference/configuration-reference/#steps
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

from .model import HOME, PROJECT, Step
from .strict_yaml import SHORT, Unread, mapping, one_of, sequence, text, texts, truth

# One program with words; a word may hold $NAME. Anything else is logic, and belongs into bin/.
# dockerize waits for the services of a job, as CircleCI has it, and is in its images:
# https://circleci.com/docs/databases/#using-dockerize-to-wait-for-dependencies
COMMAND = re.compile(r"(?:bin/[a-z][a-z-]*|dockerize)(?: (?:[\w./:=@%+,-]|\$[A-Z][A-Z0-9_]*)+)*")
# https://circleci.com/docs/guides/optimize/caching/#using-keys-and-templates
TEMPLATE = re.compile(r'arch|checksum "[^"]+"')
# Of files that a workspace keeps; the container's shell finds them.
PATTERN = re.compile(r"[\w./*?@+-]+")
# The keys of each step: those it needs, those it may have.
READ: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "checkout": ((), ("when",)),
    "setup_remote_docker": ((), ("version", "docker_layer_caching", "when")),
    "run": (("command",), ("name", "shell", "working_directory", "environment", "when")),
    "restore_cache": ((), ("key", "keys", "name", "when")),
    "save_cache": (("key", "paths"), ("name", "when")),
    "persist_to_workspace": (("root", "paths"), ("name", "when")),
    "attach_workspace": (("at",), ("name", "when")),
    "store_test_results": (("path",), ("name", "when")),
    "store_artifacts": (("path",), ("destination", "name", "when")),
}
# These tell of a job that failed as well: https://circleci.com/docs/collect-test-data/
ALWAYS = ("store_test_results", "store_artifacts")
WHEN = ("on_success", "on_fail", "always")


def steps(
    value: Any, where: str, commands: Mapping[str, Any], inside: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Return steps in order; a command's name stands for the command's steps."""
    found: list[Step] = []
    for number, item in enumerate(sequence(value, where)):
        place = f"{where}[{number}]"
        kind, body = named(item, place)
        if kind in commands:
            if body is not None:
                mapping(body, f"{place}.{kind}")
            if body:
                raise Unread(f"{place}.{kind}", "passes parameters, which are not read")
            found += command(kind, commands, inside)
        else:
            found.append(step(kind, body, place))
    return tuple(found)


def named(value: Any, where: str) -> tuple[str, Any]:
    """Return a step's name and what it is given: a name alone, or one key with its value."""
    if isinstance(value, str):
        return value, None
    if isinstance(value, dict) and len(value) == 1:
        return next(iter(value.items()))
    raise Unread(where, f"is {SHORT.repr(value)}, not one step")


def command(name: str, commands: Mapping[str, Any], inside: tuple[str, ...] = ()) -> list[Step]:
    """Return the steps of a command; raise Unread if it calls itself."""
    if name in inside:
        raise Unread(f"commands.{name}", "calls itself")
    where = f"commands.{name}"
    parts = mapping(commands[name], where, needs=("steps",), may=("description",))
    if "description" in parts:
        text(parts["description"], f"{where}.description")
    return list(steps(parts["steps"], f"{where}.steps", commands, (*inside, name)))


def step(kind: str, body: Any, where: str) -> Step:
    """Return one built-in step."""
    if not isinstance(kind, str) or kind not in READ:
        known = ", ".join(READ)
        raise Unread(
            where, f"is {SHORT.repr(kind)}, which is no command of this file, and none of {known}"
        )
    place = f"{where}.{kind}"
    needs, may = READ[kind]
    if kind == "run" and isinstance(body, str):
        body = {"command": body}
    parts = mapping({} if body is None and not needs else body, place, needs, may)
    name = text(parts["name"], f"{place}.name") if "name" in parts else kind
    usual = "always" if kind in ALWAYS else "on_success"
    when = one_of(parts.get("when", usual), f"{place}.when", WHEN)
    given = DETAILS.get(kind, stored)(parts, place)
    if kind == "run" and "name" not in parts:
        name = given["command"]
    return Step(kind, name, when=when, **given)


def line(value: Any, where: str) -> str:
    """Return a command that holds no logic."""
    if not COMMAND.fullmatch(text(value, where)):
        raise Unread(where, f"is {SHORT.repr(value)}, not one bin/<verb> with plain words")
    return value


def run(parts: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return what a step of the kind ``run`` has."""
    given: dict[str, Any] = {"command": line(parts["command"], f"{where}.command")}
    if "shell" in parts:
        given["shell"] = shell(parts["shell"], f"{where}.shell")
    if "working_directory" in parts:
        place = f"{where}.working_directory"
        given["working_directory"] = directory(parts["working_directory"], place)
    if "environment" in parts:
        given["environment"] = environment(parts["environment"], f"{where}.environment")
    return given


def remote_docker(parts: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return which engine is asked for, and whether its layers are kept between jobs."""
    given: dict[str, Any] = {}
    if "version" in parts:
        given["version"] = text(parts["version"], f"{where}.version")
    if "docker_layer_caching" in parts:
        place = f"{where}.docker_layer_caching"
        given["layer_caching"] = truth(parts["docker_layer_caching"], place)
    return given


def restored(parts: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the keys of a cache to restore, the first of which that is there decides."""
    if ("key" in parts) == ("keys" in parts):
        raise Unread(where, "needs either key or keys")
    name = "key" if "key" in parts else "keys"
    found = texts(parts[name], f"{where}.{name}")
    return {"keys": tuple(template(key, f"{where}.{name}") for key in found)}


def saved(parts: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return a cache's key, and what is in it."""
    key = template(text(parts["key"], f"{where}.key"), f"{where}.key")
    paths = texts(parts["paths"], f"{where}.paths")
    return {"keys": (key,), "paths": tuple(from_home(path) for path in paths)}


def template(key: str, where: str) -> str:
    """Return a cache's key, all of whose templates are read; raise Unread naming another."""
    for inner in re.findall(r"\{\{(.*?)\}\}", key):
        if not TEMPLATE.fullmatch(inner.strip()):
            raise Unread(where, f"has the template {inner.strip()!r}, which is not read")
    return key


def workspace(parts: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return what of a folder goes into the workspace, or the folder that it is attached at."""
    if "at" in parts:
        return {"path": directory(parts["at"], f"{where}.at")}
    paths = texts(parts["paths"], f"{where}.paths")
    for path in paths:
        if not PATTERN.fullmatch(path):
            raise Unread(f"{where}.paths", f"has {path!r}, no plain path or pattern of one")
    return {"path": directory(parts["root"], f"{where}.root"), "paths": paths}


def stored(parts: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return what a step has that stores something, or nothing of its own."""
    destination = parts.get("destination", "")
    if isinstance(destination, str) and {"", ".."} & set(f"{destination or 'here'}".split("/")):
        raise Unread(f"{where}.destination", f"is {destination}, outside of what is stored")
    return {
        name: from_home(text(parts[name], f"{where}.{name}"))
        for name in ("path", "destination")
        if name in parts
    }


def directory(value: Any, where: str) -> str:
    """Return a folder of the container, from its root; a relative one is in the project's.

    >>> directory("~/app", "jobs.test.working_directory"), directory("bench", "")
    ('/home/circleci/app', '/home/circleci/project/bench')
    """
    found = from_home(text(value, where))
    return found if found.startswith("/") else f"{PROJECT}/{found}"


def from_home(path: str) -> str:
    """Return a path with the home folder's name for ``~``."""
    return HOME + path[1:] if path == "~" or path.startswith("~/") else path


def shell(value: Any, where: str) -> str:
    """Return a shell with its options, in words that can be told apart."""
    try:
        shlex.split(text(value, where))
    except ValueError as error:
        raise Unread(where, f"is {SHORT.repr(value)}: {error}") from None
    return value


def environment(value: Any, where: str) -> dict[str, str]:
    """Return variables; a value that YAML takes for a number or a truth has to be quoted."""
    return {
        name: found if found == "" else text(found, f"{where}.{name}")
        for name, found in mapping(value, where).items()
    }


DETAILS = {
    "run": run,
    "setup_remote_docker": remote_docker,
    "restore_cache": restored,
    "save_cache": saved,
    "persist_to_workspace": workspace,
    "attach_workspace": workspace,
}
