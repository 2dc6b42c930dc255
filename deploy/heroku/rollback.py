"""bin/rollback APP [RELEASE]: make an older release current, if it can run on the schema."""

from __future__ import annotations

import re
from typing import Any

from .. import commits, migration_history, tested_images, public_site
from ..cli_arguments import parser
from ..commands import Found, Inspect, command
from ..commits import short
from ..cli import Stop, main, say
from ..registry.client import Refused
from ..runner import Actor, actor
from ..schema_compatibility import Migration, troubles
from .platform import NEED_KEY, Heroku
from .rollout import follow
from .site import WAIT_SECONDS, Site, look, watch, where_to_look

# Heroku names the images of a release by the first characters of their ids.
DEPLOYED = re.compile(r"\bweb \((?:sha256:)?(?P<id>[0-9a-f]{6,64})\)")
ROLLED_BACK = re.compile(r"Rollback to v(?P<version>\d+)")
COMMITS_SEARCHED = 50


def choose(releases: list[dict[str, Any]], asked: str) -> dict[str, Any]:
    """Return the release to go back to: the requested one, or the newest with other images.

    ``releases`` is newest first. Raise Stop if there is none.
    """
    current = next((release for release in releases if release.get("current")), None)
    if asked:
        found = [r for r in releases if asked.lower().lstrip("v") in (str(r["version"]), r["id"])]
    else:
        now = web_image(releases, current["version"]) if current else ""
        found = [
            release
            for release in releases
            if current
            and release["version"] < current["version"]
            and release["status"] == "succeeded"
            and web_image(releases, release["version"]) not in ("", now)
        ]
    if not found:
        listed = ", ".join(f"v{release['version']}" for release in releases) or "none"
        raise Stop(
            f"there is no release {asked or 'to go back to'}; those looked at are: {listed}."
        )
    if found[0]["status"] != "succeeded":
        raise Stop(f"release v{found[0]['version']} is {found[0]['status']}: it can't run.")
    return found[0]


def web_image(releases: list[dict[str, Any]], version: int) -> str:
    """Return the first characters of the id of a release's web image; "" if unknown.

    A release that only changed config vars runs the images of the one before it.
    """
    for release in releases:
        if release["version"] > version or release["status"] not in {"succeeded", "expired"}:
            continue
        deployed = DEPLOYED.search(release["description"])
        if deployed:
            return deployed["id"]
        back = ROLLED_BACK.search(release["description"])
        if back:
            return web_image(releases, int(back["version"]))
    return ""


def commit_of(acting: Actor, repository: str, image: str, newest: str) -> str:
    """Return the newest commit, or ancestor of it, whose image id begins like this."""
    count, account = str(COMMITS_SEARCHED), tested_images.hub_account(repository)
    log = ("git", "log", "--format=%H", "-n", count, newest)
    asking = command(*log, quiet=True, example="$OLDER_COMMIT")
    for commit in acting.run(asking).split():
        name = tested_images.tested(repository, commit)["web"]
        example = Found("$DIGEST", "$KIND", f"sha256:{image}", commit)
        try:
            found = acting.inspect(Inspect(name, account, example))
        except Refused as refused:
            if refused.refusal.absent:
                continue
            raise tested_images.stopped(refused) from None
        if found.id.removeprefix("sha256:").startswith(image):
            return commit
    raise Stop(
        f"none of {count} commits up to {short(newest)} has the image {image}.\n"
        "  Find the release's commit (Sentry's releases, the pipeline), and name it: --commit SHA"
    )


def presumed(release: dict[str, Any], asked: str) -> dict[str, Any]:
    """Return the release of a dry run, which asks nobody."""
    return release | ({"version": asked.lower().lstrip("v")} if asked else {})


def applied(migrations: list[Migration], seen: public_site.Seen) -> list[Migration]:
    """Return the migrations that the live site has applied: some may be reverted already."""
    pending = set(re.findall(r"\w+\.\d{4}_\w+", seen.words if "pending" in seen.words else ""))
    return [migration for migration in migrations if str(migration) not in pending]


def judge(acting: Actor, app: str, older: str, newer: str, seen: public_site.Seen) -> None:
    """Print what the migrations mean for the older code; raise Stop if it can't run."""
    between = migration_history.between(acting, older, newer)
    left = applied(between, seen)
    say(f"{app}: {len(left)} migration(s) between {short(older)} and {short(newer)} are applied")
    for migration in left:
        say(f"  {migration}")
    found = troubles(left)
    if not found:
        say(f"{app}: {short(older)} can run on the schema as it is")
        return
    broken = "\n".join(f"    {trouble}" for trouble in found)
    apps = sorted({trouble.migration.app for trouble in found})
    back = "\n".join(
        f"    heroku run -a {app} -- python manage.py migrate {name} "
        f"{migration_history.last_of(acting, older, name)}"
        for name in apps
    )
    raise Stop(
        f"{short(older)} can't run on the schema that {short(newer)} left:\n{broken}\n"
        "  Nothing was changed. The ways on, the better one first:\n"
        f"  1. Go forward: git revert the faulty commits, not the migrations, and push.\n"
        "  2. Take the migrations back first; what they hold is lost, and the running code may "
        f"fail\n     until the rollback is through:\n{back}\n"
        "     then type the same again."
    )


def rollback(acting: Actor, heroku: Heroku, app: str, asked: str, older: str, wait: float) -> None:
    """Go back to a release; raise Stop if its code can't run on the schema or does not start."""
    site = look(acting, heroku, app, "", wait)
    releases = acting.ask(heroku.releases(app))
    target = presumed(releases[0], asked) if acting.dry else choose(releases, asked)
    newer = site.before.commit
    if not newer:
        raise Stop(
            f"{site.url} does not say which commit it runs ({site.before.words}), so its "
            "migrations are not known either.\n  If you know that the older code can run: "
            f"heroku rollback v{target['version']} -a {app}"
        )
    repository = tested_images.repository(acting.dry)
    if not older:
        image = "$IMAGE" if acting.dry else web_image(releases, target["version"])
        if not image:
            raise Stop(f"release v{target['version']} of {app} has no image any more.")
        older = commit_of(acting, repository, image, newer)
    else:
        older = commits.resolve(acting, older)
    judge(acting, app, older, newer, site.before)
    go_back(acting, heroku, site, target, older)


def go_back(
    acting: Actor, heroku: Heroku, site: Site, target: dict[str, Any], commit: str
) -> None:
    """Make the release current, and wait until the public site runs its commit."""
    made = acting.ask(heroku.put_back(site.app, target["id"]))
    say(f"{site.app}: going back to v{target['version']}, as v{made['version']}")
    kept = f"{site.url} was not touched: it serves {short(site.before.commit)} as before."
    follow(acting, heroku, site.app, made, otherwise=kept)
    verdict = watch(acting, heroku, site, made, commit, site.before.commit)
    if not verdict.good:
        raise Stop(f"after the rollback, {verdict.words}\n{where_to_look(site.app)}")
    say(f"{site.app}: {site.url} runs {short(commit)} and is ready; config vars went back as well")


def program(argv: list[str]) -> None:
    """Run the rollback with these arguments."""
    told = "the release's commit, if it is not found"
    words = parser("rollback", __doc__, commit=told, seconds=WAIT_SECONDS)
    words.add_argument("app", metavar="APP")
    words.add_argument("release", metavar="RELEASE", nargs="?", default="", help="such as v12")
    given = words.parse_args(argv)
    acting = actor(given.dry_run, NEED_KEY, tested_images.NEED_REPOSITORY)
    rollback(acting, Heroku(), given.app, given.release, given.commit, given.timeout)


if __name__ == "__main__":
    main(program)
