"""The name of the repository at Sentry, and whether Sentry can read it.

https://docs.sentry.io/product/issues/suspect-commits/
"""

from __future__ import annotations

import re

from ..commands import command
from ..runner import Actor, CommandFailed
from .server import Server

# git@host:you/name.git, ssh://git@host/you/name, https://host/you/name.git
REMOTE = re.compile(r"(?:\w+@[\w.-]+:|\w+://(?:[^@/]+@)?[\w.-]+(?::\d+)?/)([\w./-]+?)(?:\.git)?/?")


def named(address: str) -> str:
    """Return the repository that a remote's address names, as ``you/name``; empty for none.

    >>> named("git@github.com:you/oc-lettings.git")
    'you/oc-lettings'
    """
    found = REMOTE.fullmatch(address.strip())
    return found[1] if found and "/" in found[1] else ""


def ours(actor: Actor) -> str:
    """Return the repository that this clone comes from; empty for one that is on no server."""
    asking = command("git", "remote", "get-url", "origin", quiet=True, example="")
    try:
        return named(actor.run(asking))
    except CommandFailed:
        return ""


def linked(actor: Actor, server: Server, repository: str) -> bool:
    """Return whether Sentry reads this repository itself, by an integration."""
    said = actor.look(server.repositories())
    listed = said.json if said.status == 200 and isinstance(said.json, list) else []
    return any(
        (one.get("name"), one.get("status")) == (repository, "active")
        and str((one.get("provider") or {}).get("id", "")).startswith("integrations:")
        for one in listed
    )
