"""Sentry: the project, and the address by which the site reports to it.

https://docs.sentry.io/api/projects/
"""

from __future__ import annotations

import os
from typing import Any

from ..cli import Stop
from ..runner import Actor
from ..sentry.repository import linked
from ..sentry.server import Server
from .record import Record, find


def set_up(actor: Actor, server: Server, repository: str, record: Record) -> str:
    """Make the project unless it is there; return its DSN."""
    name = f"{server.organization}/{server.project}"
    if find(actor, server.show_project()):
        record.there(f"Sentry: project {name}")
    else:
        create(actor, server)
        record.made(f"Sentry: project {name}")
    if repository and not linked(actor, server, repository):
        record.by_hand(
            f"Sentry: let it read {repository}, so that it names suspect commits: Settings,"
            " Integrations, GitHub"
        )
    return address(actor.ask(server.keys()), name)


def create(actor: Actor, server: Server) -> None:
    """Make the project, in the organization's first team; Stop if the token may not."""
    teams = actor.ask(server.teams())
    if not teams:
        raise Stop(f"{server.organization} has no team in Sentry: make one, Settings, Teams.")
    try:
        actor.ask(server.create_project(teams[0]["slug"]))
    except Stop as refused:
        raise Stop(
            f"Sentry made no project for this token: {refused}\n"
            f"  Make it by hand, platform Django, name {server.project}; then type the same again."
        ) from None


def address(keys: list[dict[str, Any]], name: str) -> str:
    """Return the DSN of the first key that is in use."""
    for key in keys:
        if key.get("isActive", True):
            return key["dsn"]["public"]
    raise Stop(
        f"{name} has no client key that is in use.\n  Settings, Projects, Client Keys: enable one."
    )


def project() -> str:
    """Return the project's short name, as the other programs read it."""
    return os.environ.setdefault("SENTRY_PROJECT", "oc-lettings")
