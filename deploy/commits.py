"""Find the commit to release, by git."""

from __future__ import annotations

import re

from .commands import command
from .cli import Stop
from .runner import Actor, CommandFailed

EXAMPLE = "$COMMIT"


def wanted(actor: Actor, asked: str = "") -> str:
    """Return the full id of the commit to release: the requested one, or the clean HEAD.

    Raise Stop if the tree has changes: the release would not contain them.
    """
    if asked:
        return resolve(actor, asked)
    changes = actor.run(command("git", "status", "--porcelain", quiet=True))
    if changes.strip():
        listed = "\n".join(f"    {line}" for line in changes.splitlines()[:10])
        raise Stop(
            "the tree differs from its commit, and what is not committed was never tested:\n"
            f"{listed}\n"
            "  Commit or stash it, or name the commit to release: --commit SHA"
        )
    return resolve(actor, "HEAD")


def resolve(actor: Actor, name: str) -> str:
    """Return the full id of the commit with this name; raise Stop if git knows none."""
    ask = command(
        "git", "rev-parse", "--verify", f"{name}^{{commit}}", quiet=True, example=EXAMPLE
    )
    try:
        return actor.run(ask).strip()
    except CommandFailed:
        raise Stop(
            f"git knows no commit '{name}' here.\n  git fetch, or check the spelling."
        ) from None


def short(commit: str) -> str:
    """Return a short commit id for people."""
    return commit[:10] if re.fullmatch(r"[0-9a-f]{40}", commit) else commit
