"""Find the migrations between two commits, by git."""

from __future__ import annotations

from .commands import command
from .cli import Stop
from .runner import Actor, CommandFailed
from .schema_compatibility import MIGRATION, Migration


def between(actor: Actor, older: str, newer: str) -> list[Migration]:
    """Return the migrations that the newer commit has and the older one hasn't.

    Raise Stop if a migration of both was changed or removed: then no judgement is possible.
    """
    asking = (
        "git",
        "diff",
        "--name-status",
        "--no-renames",
        older,
        newer,
        "--",
        "*/migrations/*.py",
    )
    try:
        listed = actor.run(command(*asking, quiet=True))
    except CommandFailed as failed:
        raise Stop(
            f"git can't compare {older} with {newer}: {failed.output.strip()}\n"
            "  Fetch the whole history: git fetch --unshallow, or git fetch --all"
        ) from None
    changes = [line.split("\t", 1) for line in listed.splitlines() if "\t" in line]
    known = [(how, path) for how, path in changes if MIGRATION.search(path)]
    rewritten = [path for how, path in known if how != "A"]
    if rewritten:
        raise Stop(
            f"migrations that both commits have differ: {', '.join(rewritten)}\n"
            "  So git does not show what the database holds. Go forward: fix the code and "
            "release it."
        )
    return [read(actor, newer, path) for _, path in known]


def read(actor: Actor, commit: str, path: str) -> Migration:
    """Return a migration's source in a commit."""
    found = MIGRATION.search(path)
    source = actor.run(command("git", "show", f"{commit}:{path}", quiet=True))
    return Migration(found["app"].split("/")[-1], found["name"], source)


def last_of(actor: Actor, commit: str, app: str) -> str:
    """Return the name of the last migration an app has in a commit; ``zero`` if it has none."""
    asking = ("git", "ls-tree", "--name-only", "-r", commit, "--", f"{app}/migrations/")
    paths = actor.run(command(*asking, quiet=True)).splitlines()
    names = [found["name"] for path in paths if (found := MIGRATION.search(path))]
    return max(names, default="zero")
