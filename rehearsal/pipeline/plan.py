"""Decides which stages run, and when, as CircleCI does. Nothing here runs anything."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

from .config import Stage, Workflow
from .strict import Unread

# A state is one of waiting, running, success, failed, canceled, not_run, on_hold.
# not_run is what CircleCI calls a serial group's job that a newer pipeline overtook.
ENDED_BADLY = ("failed", "canceled", "not_run")


def matches(pattern: str, branch: str) -> bool:
    """Say whether a filter's branch is this one; /between slashes/ it is a regular expression.

    An expression has to match the whole name:
    https://circleci.com/docs/reference/configuration-reference/#branches
    """
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        return re.fullmatch(pattern[1:-1], branch) is not None
    return pattern == branch


def wanted(stage: Stage, branch: str) -> bool:
    """Say whether a stage's own filters let it run on a branch."""
    only = not stage.only or any(matches(pattern, branch) for pattern in stage.only)
    return only and not any(matches(pattern, branch) for pattern in stage.ignore)


def chosen(workflow: Workflow, branch: str) -> tuple[Stage, ...]:
    """Give the stages that a push to the branch sets off, in the order of the file.

    What requires a stage that is filtered away is away as well.
    """
    left = [stage for stage in workflow.stages if wanted(stage, branch)]
    while True:
        names = {stage.name for stage in left}
        kept = [stage for stage in left if names.issuperset(stage.requires)]
        if len(kept) == len(left):
            return tuple(kept)
        left = kept


def satisfied(required: Stage, state: str) -> bool:
    """Say whether what requires this stage may begin.

    A job in a serial group lets go of what requires it however it ended:
    https://support.circleci.com/hc/en-us/articles/51710279271579
    """
    return state == "success" or (bool(required.serial_group) and state in ENDED_BADLY)


def ready(stages: Sequence[Stage], states: Mapping[str, str]) -> list[Stage]:
    """Give the waiting stages that may begin now."""
    by_name = {stage.name: stage for stage in stages}
    return [
        stage
        for stage in stages
        if states[stage.name] == "waiting"
        and all(satisfied(by_name[name], states[name]) for name in stage.requires)
    ]


def blocked(stages: Sequence[Stage], states: Mapping[str, str]) -> list[Stage]:
    """Give the waiting stages that can't begin any more, what they set off included.

    They stay ``waiting``: as CircleCI has it, a blocked job of a serial group was never in its
    queue, so that nothing is let go of.
    """
    by_name = {stage.name: stage for stage in stages}
    stopped: dict[str, bool] = {}

    def never(name: str) -> bool:
        state = states[name]
        return stops(name) or (state in ENDED_BADLY and not satisfied(by_name[name], state))

    def stops(name: str) -> bool:
        if name not in stopped:
            requires = by_name[name].requires
            stopped[name] = states[name] == "waiting" and any(never(each) for each in requires)
        return stopped[name]

    return [stage for stage in stages if stops(stage.name)]


def cache_key(template: str, read: Callable[[str], bytes | None], arch: str) -> str:
    """Give a cache's key, with {{ arch }} and {{ checksum "a file" }} filled in.

    ``read`` gives what is in a file of the checkout, None if there is no such file.
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
    """Give the saved cache that filled-in ``keys`` ask for; ``saved`` is ordered oldest first.

    The first key that begins a saved one decides, and of several the newest is taken.
    """
    for key in keys:
        for name in reversed(saved):
            if name.startswith(key):
                return name
    return None
