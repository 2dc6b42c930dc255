"""The part that release, promote and rollback share: make it current, watch it, or put it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import live
from ..act import Actor, Answer
from ..calls import Call
from ..commits import short
from ..words import Stop, say
from .platform import PROCESSES, Heroku

RELEASE_PROCESS_SECONDS = 900
RELEASE_POLL = 1.0
STREAM_POLL = 1.0


@dataclass(frozen=True)
class Site:
    """An app, where the public meets it, what was current before, and how long we wait."""

    app: str
    url: str
    seconds: float
    before: live.Seen
    current: dict[str, Any] | None


def look(actor: Actor, heroku: Heroku, app: str, url: str, seconds: float) -> Site:
    """Find out what the app is and runs, before anything is changed."""
    url = url or actor.ask(heroku.app(app))["web_url"].rstrip("/")
    newest = actor.ask(heroku.releases(app))
    if newest and newest[0]["status"] == "pending":
        raise Stop(
            f"release v{newest[0]['version']} of {app} is still running its release process.\n"
            f"  Two releases at once would race; watch it: heroku releases:output -a {app}"
        )
    current = next((release for release in newest if release.get("current")), None)
    before = live.see(actor, url)
    if before.commit:
        ready = "ready" if before.ready else before.words
        say(f"{app}: {url} runs {short(before.commit)}, {ready}")
    else:
        say(f"{app}: {url} runs nothing that we know ({before.words})")
    return Site(app, url, seconds, before, current)


def ship(actor: Actor, heroku: Heroku, site: Site, commit: str) -> None:
    """Release what was pushed for the app; Stop, with the previous release put back, unless it
    turns out live and ready."""
    images = {process: image_id(actor, heroku, site.app, process) for process in PROCESSES}
    actor.ask(heroku.release_images(site.app, images))
    release = actor.ask(heroku.releases(site.app))[0]
    if not actor.dry and site.current and release["id"] == site.current["id"]:
        say(f"{site.app}: v{release['version']} has these images already; nothing to release")
    else:
        follow(actor, heroku, site.app, release, otherwise=kept(actor, site))
        say(f"{site.app}: v{release['version']} is released; waiting for the site to say so")
    good, seen = live.wait_for(actor, site.url, commit, site.seconds)
    if good:
        say(f"{site.app}: {site.url} runs {short(commit)} and is ready")
        if actor.dry:
            say("otherwise, to put the previous release back:")
            put_back(actor, heroku, site, release)
        return
    trouble = f"{site.url} is not right after {site.seconds:.0f} s: {live.mismatch(seen, commit)}"
    say(f"{site.app}: {trouble}")
    raise Stop(f"{trouble}\n  {put_back(actor, heroku, site, release)}\n{where_to_look(site.app)}")


def image_id(actor: Actor, heroku: Heroku, app: str, process: str) -> str:
    """Give the id of the image last pushed for a process type, as its registry has it."""
    manifest = actor.ask(heroku.manifest(app, process)) or {}
    # Heroku's registry takes this kind alone; an index has no config of its own.
    if "config" not in manifest:
        kind = manifest.get("mediaType", "thing unknown")
        raise Stop(
            f"{heroku.repository(app, process)} is a {kind}, which Heroku can't run.\n"
            "  Build it as one plain image without attestations: bin/image"
        )
    return manifest["config"]["digest"]


def follow(
    actor: Actor, heroku: Heroku, app: str, release: dict[str, Any], otherwise: str
) -> None:
    """Show the release process's output live, and wait for its end; Stop when it fails."""
    shown = 0
    if release["status"] == "pending" or actor.dry:
        say(f"{app}: v{release['version']} runs its release process")
        shown = show_output(actor, release.get("output_stream_url"))
    asking = heroku.release(app, release["id"])

    def ended() -> dict[str, Any] | None:
        answer = actor.ask(asking)
        return answer if answer["status"] != "pending" else None

    what = f"release v{release['version']} has ended"
    release_now = actor.until(what, ended, RELEASE_PROCESS_SECONDS, RELEASE_POLL)
    if release_now and release_now["status"] == "succeeded":
        return
    if not shown:
        show_log(actor, heroku, app)
    state = release_now["status"] if release_now else f"not over in {RELEASE_PROCESS_SECONDS} s"
    raise Stop(
        f"the release process of {app} v{release['version']} {state}.\n  {otherwise}\n"
        f"  The output is above; again: heroku releases:output v{release['version']} -a {app}\n"
        "  What usually helps: docs/runbook.md#the-release-process-fails"
    )


def show_output(actor: Actor, url: str | None) -> int:
    """Print the output as it comes; give how much came. The stream may begin a little late."""
    if not url:
        return 0
    # The address carries its own permission; the key is not for this host.
    stream = Call("GET", url)

    def begun() -> int:
        return actor.show(stream)

    return actor.until("the output begins", begun, 5, STREAM_POLL)


def show_log(actor: Actor, heroku: Heroku, app: str) -> None:
    """Print the log of the release process: all there is when the image has no curl.

    https://devcenter.heroku.com/articles/container-registry-and-runtime#release-phase
    """
    session = actor.ask(heroku.log_lines(app, "release"))
    said: Answer = actor.look(Call("GET", session["logplex_url"]))
    say(said.text)


def kept(actor: Actor, site: Site) -> str:
    """Say what serves when a release process fails: Heroku keeps the old release."""
    if not site.before.commit:
        return "The app had no release before: nothing serves."
    return f"{site.url} was not touched: it serves {short(site.before.commit)} as before."


def put_back(actor: Actor, heroku: Heroku, site: Site, failed: dict[str, Any]) -> str:
    """Make the previous release current again; say how that went."""
    if not site.current or (failed["id"] == site.current["id"] and not actor.dry):
        return "There is no other release to put back; the site stays as it is."
    back = actor.ask(heroku.put_back(site.app, site.current["id"]))
    say(f"{site.app}: putting v{site.current['version']} back, as v{back['version']}")
    try:
        follow(actor, heroku, site.app, back, otherwise="The bad release is still current.")
    except Stop as stop:
        return f"Putting v{site.current['version']} back failed too: {stop}"
    if not site.before.commit:
        return f"v{site.current['version']} was put back; what it runs was unknown before."
    good, seen = live.wait_for(actor, site.url, site.before.commit, site.seconds)
    if good:
        return (
            f"v{site.current['version']} was put back: the site runs {short(site.before.commit)}."
        )
    wrong = live.mismatch(seen, site.before.commit)
    return f"v{site.current['version']} was put back, but the site is not right yet: {wrong}."


def where_to_look(app: str) -> str:
    """Say where the reason is to be found."""
    return (
        f"  Look: heroku logs -n 200 -a {app}, heroku ps -a {app}, the errors in Sentry; "
        "then docs/runbook.md#the-site-does-not-come-up"
    )
