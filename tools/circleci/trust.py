"""Decide whether a job with secrets takes anything that a branch may have written.

A cache belongs to the project and not to a branch: whoever may push a branch may save a .venv of
theirs under the key that a job of main restores, and it runs with that job's secrets in view. The
same goes for kept layers of images, and for a workspace filled by a job that took one of these.
https://circleci.com/docs/guides/optimize/caching/
https://docs.github.com/en/actions/reference/security/secure-use
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .model import Stage, Workflow
from .plan import before
from .strict_yaml import Unread, mapping, sequence

# What starts with the code of a fork or a branch, and yet has the repository's secrets.
DANGEROUS = ("pull_request_target", "workflow_run")
# Actions that bring what an earlier run has left; setup-go keeps a cache unless told otherwise.
BRINGS = re.compile(r"actions/(cache|download-artifact|setup-go)(/|@|$)")


def poisonable(workflow: Workflow) -> list[str]:
    """Return a line for each thing that a job with a context takes, and a branch may write."""
    found = []
    for stage in workflow.stages:
        if stage.contexts:
            held = ", ".join(stage.contexts)
            found += [f"{stage.name} has {held} and {what}" for what in taken(stage, workflow)]
    return found


def taken(stage: Stage, workflow: Workflow) -> Iterator[str]:
    """Return what of other pipelines a stage's job takes, itself or by a workspace."""
    by_name = {each.name: each for each in workflow.stages}
    for step in stage.job.steps if stage.job else ():
        if step.kind == "restore_cache":
            yield f"restores the cache {' or '.join(step.keys)}"
        if step.layer_caching:
            yield "keeps the layers of images between jobs (docker_layer_caching)"
        if step.kind == "attach_workspace":
            for name in sorted(before(stage.name, workflow.stages)):
                if keeps(by_name[name]) and any(taken(by_name[name], workflow)):
                    yield f"attaches the workspace of {name}, which takes such things itself"


def keeps(stage: Stage) -> bool:
    """Return whether a stage's job writes into the workspace."""
    steps = stage.job.steps if stage.job else ()
    return any(step.kind == "persist_to_workspace" for step in steps)


def poisonable_on_github(workflow: Any, file: str) -> list[str]:
    """Return a line for each thing that a job with secrets takes on GitHub from earlier runs.

    ``workflow`` is what a file's YAML holds; YAML 1.1 reads the key ``on`` as true. Raise Unread
    where it has not the shape of a workflow.
    """
    jobs = jobs_of(workflow, file)
    events = workflow.get("on", workflow.get(True)) or ()
    events = (events,) if isinstance(events, str) else tuple(events)
    found = [f"runs on {event}, with secrets in view" for event in events if event in DANGEROUS]
    for name, job in jobs.items():
        if sees_secrets(job) or sees_secrets({**workflow, "jobs": None}):
            found += [f"{name} sees secrets and {what}" for what in brought(job)]
    return found


def jobs_of(workflow: Any, file: str) -> dict[str, dict[str, Any]]:
    """Return the jobs of a workflow of GitHub's; each of their steps is a mapping."""
    if not isinstance(workflow, dict):
        raise Unread(file, "is no workflow")
    jobs = mapping(workflow.get("jobs"), f"{file}: jobs")
    for name, job in jobs.items():
        where = f"{file}: jobs.{name}"
        mapping(job, where)
        for number, step in enumerate(sequence(job["steps"], where) if "steps" in job else ()):
            place = f"{where}.steps[{number}]"
            mapping(mapping(step, place).get("with") or {}, f"{place}.with")
    return jobs


def sees_secrets(part: Mapping[Any, Any]) -> bool:
    """Return whether a job, or what a file says of all jobs, names secrets or may write."""
    writes = "write" in str(part.get("permissions"))
    return writes or "environment" in part or bool(re.search(r"\bsecrets\b", str(part)))


def brought(job: Mapping[str, Any]) -> Iterator[str]:
    """Return what a job brings from earlier runs, or may bring, since nobody sees it here."""
    if "uses" in job:
        yield f"hands them to {job['uses']}, which is not read"
    for step in job.get("steps") or ():
        action = str(step.get("uses", ""))
        if BRINGS.match(action):
            yield f"uses {action}"
            continue
        if action.startswith("./"):
            yield f"uses {action}, which is not read"
        for name, value in (step.get("with") or {}).items():
            if name.startswith("cache") and value not in (False, "false", "", None):
                yield f"uses {action} with {name}: {value}"
