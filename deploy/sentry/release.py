"""bin/sentry-release ENVIRONMENT: report the commits of a release, and where it is deployed."""

from __future__ import annotations

from typing import Any

from .. import commits
from ..cli_arguments import parser
from ..commands import command
from ..commits import short
from ..cli import Stop, main, say
from ..heroku.public_url import address
from ..runner import Actor, actor
from .repository import linked, ours
from .server import NEED_PROJECT, NEED_TOKEN, Server

# Sentry shows suspects among a release's commits; its own client sends as many when it knows none
# before: https://docs.sentry.io/cli/releases/
COMMITS = 20
# One character that no author and no message has.
BREAK = "\x1f"


def brought(acting: Actor, commit: str) -> list[dict[str, Any]]:
    """Return the newest commits of the release, newest first, as Sentry wants them."""
    form = "%x1f".join(["%H", "%an", "%ae", "%aI", "%s"])
    asking = command("git", "log", f"--format={form}", "-n", str(COMMITS), commit, quiet=True)
    names = ("id", "author_name", "author_email", "timestamp", "message")
    lines = acting.run(asking).splitlines()
    return [dict(zip(names, line.split(BREAK), strict=True)) for line in lines]


def announce(acting: Actor, server: Server, commit: str, environment: str, url: str) -> None:
    """Create the release and mark the deploy; of a server that lacks these, say what it lacks."""
    listed = brought(acting, commit)
    if not acting.dry and server.is_bugsink(acting):
        announce_to_bugsink(acting, server, commit)
        return
    repository = ours(acting)
    reads = bool(repository) and linked(acting, server, repository)
    told = by_reference(repository, listed) if reads else by_list(repository, listed)
    acting.ask(server.release(commit, told))
    acting.ask(server.deployed(commit, environment, url))
    say(f"sentry: release {short(commit)} with {len(listed)} commits, live in {environment}")
    if repository and not reads and not acting.dry:
        say(
            f"sentry: it does not read {repository}, so it names no suspect commits: install its "
            "GitHub integration (docs/delivery.md)"
        )


def by_reference(repository: str, listed: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what lets Sentry fetch the commits, and the files they touch, from the repository.

    It wants to know where to begin when it knows no release before:
    https://docs.sentry.io/api/releases/create-a-new-release-for-an-organization/
    """
    head, oldest = listed[0]["id"], listed[-1]["id"]
    ref = {"repository": repository, "commit": head}
    return {"refs": [ref | ({"previousCommit": oldest} if oldest != head else {})]}


def by_list(repository: str, listed: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the commits, each with its repository, for a Sentry that can't fetch them."""
    where = {"repository": repository} if repository else {}
    return {"commits": [commit | where for commit in listed]}


def announce_to_bugsink(acting: Actor, server: Server, commit: str) -> None:
    """Create the release; Bugsink keeps neither commits nor deploys."""
    answer = acting.look(server.bugsink_release(server.bugsink_number(acting), commit))
    there = answer.status == 400 and "already exists" in answer.text
    if answer.status != 201 and not there:
        raise Stop(f"{server.url} did not take the release: {answer.status} {answer.text[:200]}")
    known = "was there already" if there else "has been made"
    say(f"sentry: release {short(commit)} {known}")
    say(f"sentry: {server.url} is a Bugsink: it keeps neither commits nor deploys of a release")


def program(argv: list[str]) -> None:
    """Announce as the arguments say."""
    words = parser("sentry-release", __doc__, commit="another commit than HEAD")
    words.add_argument("environment", metavar="ENVIRONMENT", help="staging or production")
    words.add_argument("--url", default="", help="where it is live, or heroku:APP")
    given = words.parse_args(argv)
    acting = actor(given.dry_run, NEED_TOKEN, NEED_PROJECT)
    commit = commits.resolve(acting, given.commit or "HEAD")
    url = address(given.url, given.dry_run) if given.url else ""
    announce(acting, Server(), commit, given.environment, url)


if __name__ == "__main__":
    main(program)
