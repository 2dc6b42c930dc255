"""bin/sentry-proof URL: cause an error on the live site, and wait until Sentry shows it."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from .. import public_site
from ..cli_arguments import parser
from ..commands import Call
from ..commits import short
from ..cli import Stop, main, say
from ..heroku.public_url import address
from ..runner import Actor, actor
from .server import NEED_PROJECT, NEED_TOKEN, Server

# The site answers a few of these a minute (429 otherwise).
PATIENCE = 130
EVERY = 1.0
TAG = "request_id"
NEWEST = 3


@dataclass(frozen=True)
class Found:
    """The event as the server has it, and where a person sees its issue."""

    release: str
    environment: str
    address: str


def provoke(acting: Actor, url: str, request: str) -> None:
    """Make the site fail once, in a request of this id; Stop if it does something else."""
    call = Call("GET", url.rstrip("/") + "/sentry-debug/", headers={"X-Request-ID": request})

    def failed() -> int:
        status = acting.look(call).status
        return 0 if status == 429 else status

    status = acting.until("the site fails on purpose", failed, PATIENCE, 10)
    if status != 500 and not acting.dry:
        raise Stop(
            f"{call} was answered {status or 429}, not 500: no error was made.\n"
            "  429: too many were made in this minute. 404: is this our site?"
        )


def search(acting: Actor, server: Server, request: str) -> Found | None:
    """Return the event of this request, if Sentry has it yet."""
    issues = acting.ask(server.issues(TAG, request)) or []
    for issue in issues:
        event = acting.ask(server.latest_event(issue["id"]))
        tags = {tag["key"]: tag["value"] for tag in event["tags"]}
        if tags.get(TAG) == request:
            where = issue.get("permalink", "")
            return Found(tags.get("release", ""), tags.get("environment", ""), where)
    return None


def search_bugsink(acting: Actor, server: Server, project: int, request: str) -> Found | None:
    """Return the event of this request, if Bugsink has it yet, among the newest."""
    for issue in acting.ask(server.bugsink_issues(project))["results"][:NEWEST]:
        for event in acting.ask(server.bugsink_events(issue["id"]))["results"][:NEWEST]:
            data = acting.ask(server.bugsink_event(event["id"]))["data"]
            if (data.get("tags") or {}).get(TAG) == request:
                where = f"{server.url.rstrip('/')}/issues/issue/{issue['id']}/event/last/"
                return Found(data.get("release", ""), data.get("environment", ""), where)
    return None


def prove(acting: Actor, server: Server, url: str, seconds: float) -> None:
    """Make an error and wait for it; Stop if it doesn't come, or under a wrong name."""
    seen = public_site.see(acting, url)
    if not seen.commit:
        raise Stop(f"{url} does not say which commit it runs ({seen.words}): nothing to compare.")
    bugsink = not acting.dry and server.is_bugsink(acting)
    project = server.bugsink_number(acting) if bugsink else 0
    request = str(uuid.uuid4()) if not acting.dry else "$REQUEST_ID"
    provoke(acting, url, request)
    start = time.monotonic()

    def turned_up() -> Found | None:
        if bugsink:
            return search_bugsink(acting, server, project, request)
        return search(acting, server, request)

    what = f"the issue of request {request} turns up"
    found = acting.until(what, turned_up, seconds, EVERY)
    if acting.dry:
        return
    if not found:
        raise Stop(
            f"the error of request {request} is not in {server.url} after {seconds:.0f} s.\n"
            "  Is SENTRY_DSN set on the site (heroku config:get), and does it name this project? "
            "docs/runbook.md#errors-do-not-reach-sentry"
        )
    compare(found, seen)
    took = time.monotonic() - start
    say(f"sentry: the error of {url} arrived within {took:.1f} s, as an issue of")
    say(f"  release {found.release}, environment {found.environment}")
    say(f"  {found.address}")


def compare(found: Found, seen: public_site.Seen) -> None:
    """Stop if the event names another release or environment than the site does."""
    if (found.release, found.environment) != (seen.commit, seen.environment):
        raise Stop(
            f"the error arrived under release {short(found.release) or 'none'} in "
            f"{found.environment or 'no environment'}, but the site runs {short(seen.commit)} in "
            f"{seen.environment}.\n  Look at RELEASE and ENVIRONMENT of the app: {found.address}"
        )


def program(argv: list[str]) -> None:
    """Prove it as the arguments say."""
    words = parser("sentry-proof", __doc__, seconds=90)
    words.add_argument("url", metavar="URL", help="an address, or heroku:APP")
    given = words.parse_args(argv)
    acting = actor(given.dry_run, NEED_TOKEN, NEED_PROJECT)
    prove(acting, Server(), address(given.url, given.dry_run), given.timeout)


if __name__ == "__main__":
    main(program)
