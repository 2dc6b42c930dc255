"""What release, promote and rollback share: make a release current, watch it, or undo it."""

from __future__ import annotations

import time
from typing import Any

from ..commands import Call
from ..commits import short
from ..cli import Stop, say
from ..image.commands import PROCESSES
from ..runner import Actor, Answer
from .platform import Heroku
from .site import Site, watch, where_to_look

RELEASE_PROCESS_SECONDS = 900
RELEASE_POLL = 1.0
# CircleCI ends a step that is silent for ten minutes.
SILENCE_SECONDS = 60
STREAM_SECONDS = 3
# 2030-12-31T23:59:59, and then fractions and zones that differ between log and API.
SECONDS_OF_A_TIME = 19


def ship(actor: Actor, heroku: Heroku, site: Site, commit: str) -> None:
    """Release what was pushed for the app; Stop, with the previous release put back, unless it
    turns out live and ready."""
    images = {process: image_id(actor, heroku, site.app, process) for process in PROCESSES}
    actor.ask(heroku.release_images(site.app, images))
    release = actor.ask(heroku.releases(site.app))[0]
    if not actor.dry and site.current and release["id"] == site.newest["id"]:
        release = site.current
        say(f"{site.app}: v{release['version']} has these images already; nothing to release")
    else:
        follow(actor, heroku, site.app, release, otherwise=kept(actor, site))
        say(f"{site.app}: v{release['version']} is released; waiting for the site to say so")

    verdict = watch(actor, heroku, site, release, commit, site.before.commit)
    if verdict.good:
        say(f"{site.app}: {site.url} runs {short(commit)} and is ready")
        if actor.dry:
            say("otherwise, to put the previous release back:")
            put_back(actor, heroku, site, release, commit)
        return
    say(f"{site.app}: {verdict.words}")
    back = put_back(actor, heroku, site, release, commit)
    raise Stop(f"{verdict.words}\n  {back}\n{where_to_look(site.app)}")


def image_id(actor: Actor, heroku: Heroku, app: str, process: str) -> str:
    """Return the id of the image last pushed for a process type, from its registry."""
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
    """Show the release process's output live, and wait for its end; raise Stop if it fails."""
    streamed, runs, heard = 0, release["status"] == "pending", time.monotonic()
    if runs or actor.dry:
        say(f"{app}: v{release['version']} runs its release process")
        streamed = show_output(actor, release.get("output_stream_url"))
    asking, shown = heroku.release(app, release["id"]), set()

    def ended() -> dict[str, Any] | None:
        nonlocal heard
        answer = actor.ask(asking)
        if runs and not streamed:
            show_log(actor, heroku, app, release.get("created_at", ""), shown)
        if time.monotonic() - heard > SILENCE_SECONDS:
            heard = time.monotonic()
            say(f"{app}: v{release['version']} is still at it")
        return answer if answer["status"] != "pending" else None

    what = f"release v{release['version']} has ended"
    release_now = actor.until(what, ended, RELEASE_PROCESS_SECONDS, RELEASE_POLL)
    if release_now and release_now["status"] == "succeeded":
        return
    if not release_now:
        raise Stop(
            f"the release process of {app} v{release['version']} is not over in "
            f"{RELEASE_PROCESS_SECONDS} s.\n"
            "  It goes on; when it is through, Heroku makes the release live by itself. Watch:\n"
            f"  heroku logs --dyno release --tail -a {app}\n"
            "  When it is over type the same again, which finds the release and looks at the site."
        )
    state = release_now["status"]
    raise Stop(
        f"the release process of {app} v{release['version']} {state}.\n  {otherwise}\n"
        f"  The output is above; again: heroku logs --dyno release -n 200 -a {app}\n"
        "  What usually helps: docs/runbook.md#the-release-process-fails"
    )


def show_output(actor: Actor, url: str | None) -> int:
    """Print the output as it comes; return its length. The stream may begin a little late."""
    if not url:
        return 0
    # The address carries its own permission; the key is not for this host.
    stream = Call("GET", url)
    return actor.until("the output begins", lambda: actor.show(stream), STREAM_SECONDS, 1)


def show_log(actor: Actor, heroku: Heroku, app: str, since: str, shown: set[str]) -> None:
    """Print what the release process logged since then (a time as the API writes it), once.

    Without curl in the image Heroku has no stream, only the log:
    https://devcenter.heroku.com/articles/container-registry-and-runtime#release-phase
    """
    session = actor.ask(heroku.log_lines(app, "release"))
    said: Answer = actor.look(Call("GET", session["logplex_url"]))
    for line in said.text.splitlines() if said.status == 200 else ():
        if line[:SECONDS_OF_A_TIME] >= since[:SECONDS_OF_A_TIME] and line not in shown:
            shown.add(line)
            say(f"  {line.partition(']: ')[2]}")


def kept(actor: Actor, site: Site) -> str:
    """Return the note that after a failed release process, Heroku keeps the old release."""
    if not site.before.commit:
        return "The app had no release before: nothing serves."
    return f"{site.url} was not touched: it serves {short(site.before.commit)} as before."


def put_back(
    actor: Actor, heroku: Heroku, site: Site, failed: dict[str, Any], leaving: str
) -> str:
    """Make the previous release current again, in place of the failed one's commit; say how that
    went."""
    same = failed["id"] == site.current["id"] if site.current else True
    if not actor.dry and (same or not site.current.get("eligible_for_rollback", True)):
        return "There is no other release to put back; the site stays as it is."
    try:
        back = actor.ask(heroku.put_back(site.app, site.current["id"]))
        say(f"{site.app}: putting v{site.current['version']} back, as v{back['version']}")
        follow(actor, heroku, site.app, back, otherwise="The bad release is still current.")
    except Stop as stop:
        return f"Putting v{site.current['version']} back failed too: {stop}"
    if not site.before.commit:
        return f"v{site.current['version']} was put back; what it runs was unknown before."
    verdict = watch(actor, heroku, site, back, site.before.commit, leaving)
    if verdict.good:
        return (
            f"v{site.current['version']} was put back: the site runs {short(site.before.commit)}."
        )
    return f"v{site.current['version']} was put back, but {verdict.words}."
