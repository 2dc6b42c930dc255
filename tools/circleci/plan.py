"""Decide which stages run, and when, as CircleCI does. Nothing here runs anything."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

from .model import ENDS, Stage, Workflow
from .strict_yaml import Unread

# A state is one of waiting, running, on_hold, or how it ended: one of ENDS. not_run is a job whose
# requirements can't be met any more, or one of a serial group that a newer pipeline overtook.


def matches(pattern: str, branch: str) -> bool:
    """Return whether a filter's branch is this one; /between slashes/ it is a regular expression.

    An expression has to match the whole name:
    https://circleci.com/docs/reference/configuration-reference/#branches
    """
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        return re.fullmatch(pattern[1:-1], branch) is not None
    return pattern == branch


def wanted(stage: Stage, branch: str) -> bool:
    """Return whether a stage's own filters let it run on a branch."""
    only = not stage.only or any(matches(pattern, branch) for pattern in stage.only)
    return only and not any(matches(pattern, branch) for pattern in stage.ignore)


def chosen(workflow: Workflow, branch: str) -> tuple[Stage, ...]:
    """Return the stages that a push to the branch sets off, in the order of the file.

    A requirement that is filtered away is ignored; a stage all of whose requirements are, is away
    as well: https://circleci.com/docs/reference/configuration-reference/#requires
    """
    left = [stage for stage in workflow.stages if wanted(stage, branch)]
    while True:
        names = {stage.name for stage in left}
        kept = [stage for stage in left if not stage.requires or names & set(stage.requires)]
        if len(kept) == len(left):
            return tuple(kept)
        left = kept


def before(name: str, stages: Sequence[Stage]) -> set[str]:
    """Return the names of all stages that come before one."""
    by_name = {stage.name: stage for stage in stages}
    found: set[str] = set()
    left = [name]
    while left:
        stage = by_name.get(left.pop())
        new = set(stage.requires) - found if stage else set()
        found |= new
        left += new
    return found


def accepted(stage: Stage, name: str) -> tuple[str, ...]:
    """Return how a stage's requirement may have ended: well, unless the stage says otherwise.

    https://circleci.com/docs/reference/configuration-reference/#requires
    """
    return stage.accepts.get(name, ("success",))


def ready(stages: Sequence[Stage], states: Mapping[str, str]) -> list[Stage]:
    """Return the waiting stages that may begin now."""
    return [
        stage
        for stage in stages
        if states[stage.name] == "waiting"
        and all(states[name] in accepted(stage, name) for name in stage.requires if name in states)
    ]


def blocked(stages: Sequence[Stage], states: Mapping[str, str]) -> list[Stage]:
    """Return the waiting stages that can't begin any more: a requirement ended otherwise."""
    return [
        stage
        for stage in stages
        if states[stage.name] == "waiting"
        and any(
            states[name] in ENDS and states[name] not in accepted(stage, name)
            for name in stage.requires
            if name in states
        )
    ]


def cache_key(template: str, read: Callable[[str], bytes | None], arch: str) -> str:
    """Return a cache's key, with {{ arch }} and {{ checksum "a file" }} filled in.

    ``read`` returns what is in a file of the checkout, None if there is no such file.
    https://circleci.com/docs/guides/optimize/caching/#using-keys-and-templates
    Raise Unread for any other template, and for a file that isn't there.
    """

    def fill(match: re.Match[str]) -> str:
        inner = match[1].strip()
        named = re.fullmatch(r'checksum "([^"]+)"', inner)
        if inner == "arch":
            return arch
        if not named:
            raise Unread(template, f"has the template {inner!r}, which is not read")
        content = read(named[1])
        if content is None:
            raise Unread(template, f"names {named[1]}, which is not there")
        return base64.b64encode(hashlib.sha256(content).digest()).decode()

    return re.sub(r"\{\{(.*?)\}\}", fill, template)


def restored(keys: Sequence[str], saved: Sequence[str]) -> str | None:
    """Return the saved cache that filled-in ``keys`` ask for; ``saved`` is ordered oldest first.

    The first key that begins a saved one decides, and of several the newest is taken.
    """
    for key in keys:
        for name in reversed(saved):
            if name.startswith(key):
                return name
    return None
