"""An app's public site: which release it runs, and waiting until it runs another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import public_site
from ..commits import short
from ..cli import Stop, say
from ..runner import Actor
from .platform import Heroku

# With preboot the old dynos, which the API shows no more, serve on for the app's boot time-out
# (60 s unless Heroku was asked for more) and two minutes, "approximately":
# https://devcenter.heroku.com/articles/preboot
PREBOOT_SECONDS = 240
# A dyno has 60 s to boot, and is started once more when it falls over; then old and new hand over.
WAIT_SECONDS = 180


@dataclass(frozen=True)
class Site:
    """An app, its public URL, the release before, and how long to wait.

    ``newest`` is not ``current`` when its release process failed.
    ``preboot``: old dynos serve on for some minutes after new ones are up.
    """

    app: str
    url: str
    seconds: float
    before: public_site.Seen
    newest: dict[str, Any] | None
    current: dict[str, Any] | None
    preboot: bool


def look(actor: Actor, heroku: Heroku, app: str, url: str, seconds: float) -> Site:
    """Return the state of the app before anything is changed."""
    url = url or actor.ask(heroku.app(app))["web_url"].rstrip("/")
    newest = actor.ask(heroku.releases(app))
    if newest and newest[0]["status"] == "pending":
        raise Stop(
            f"release v{newest[0]['version']} of {app} is still running its release process.\n"
            "  Two releases at once would race; watch it: "
            f"heroku logs --dyno release --tail -a {app}"
        )
    current = next((release for release in newest if release.get("current")), None)
    before = public_site.see(actor, url)
    if before.commit:
        ready = "ready" if before.ready else before.words
        say(f"{app}: {url} runs {short(before.commit)}, {ready}")
    else:
        say(f"{app}: {url} runs nothing that we know ({before.words})")
    # An app that has no such feature hands over in its own way: patience does no harm.
    preboot = (actor.look(heroku.preboot(app)).json or {}).get("enabled") is not False
    return Site(app, url, seconds, before, (newest or [None])[0], current, preboot)


def watch(
    actor: Actor, heroku: Heroku, site: Site, release: dict[str, Any], commit: str, leaving: str
) -> public_site.Verdict:
    """Wait until the site runs a release's commit instead of the one it is ``leaving``.

    The time limit begins when no old dyno can answer any more.
    """
    version, fresh = release["version"], []

    def handed_over() -> bool:
        return public_site.see(actor, site.url, commit).commit != leaving or bool(
            crashed(actor.ask(heroku.dynos(site.app)), version)
        )

    def hopeless(seen: list[public_site.Seen]) -> str:
        dynos = actor.ask(heroku.dynos(site.app))
        fresh.append(all_up(dynos, version))
        steady = public_site.steady(seen)
        if steady == leaving and fresh[-public_site.STEADY :] == [True] * public_site.STEADY:
            return (
                f"it goes on saying commit {short(leaving)}, though all its dynos run v{version}"
            )
        return crashed(dynos, version) or public_site.strange(steady, {commit, leaving})

    if site.preboot and leaving not in ("", commit):
        what = f"the dynos that run {short(leaving)} are gone (preboot)"
        actor.until(what, handed_over, PREBOOT_SECONDS, public_site.EVERY)
    return public_site.wait_for(actor, site.url, commit, site.seconds, hopeless)


def all_up(dynos: list[dict[str, Any]], version: int) -> bool:
    """Return whether there are web dynos, all of them up and of this release."""
    web = [dyno for dyno in dynos if dyno["type"] == "web"]
    return bool(web) and all((d["state"], d["release"]["version"]) == ("up", version) for d in web)


def crashed(dynos: list[dict[str, Any]], version: int) -> str:
    """Return which web dynos of a release have crashed: waiting longer is useless."""
    names = [
        dyno["name"]
        for dyno in dynos
        if (dyno["state"], dyno["release"]["version"]) == ("crashed", version)
    ]
    return f"{', '.join(names)} crashed" if names else ""


def where_to_look(app: str) -> str:
    """Return where to find the reason."""
    return (
        f"  Look: heroku logs -n 200 -a {app}, heroku ps -a {app}, the errors in Sentry; "
        "then docs/runbook.md#the-site-does-not-come-up"
    )
