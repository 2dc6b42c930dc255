"""bin/promote STAGING PRODUCTION: release exactly staging's images on production.

Heroku's own pipeline promotions refuse apps that run images, so the images go from one app's
repository to the other's in its registry: https://github.com/heroku/roadmap/issues/222
"""

from __future__ import annotations

from .. import commits, tested_images, public_site
from ..cli_arguments import parser
from ..commits import short
from ..cli import Stop, main, say
from ..image.commands import PROCESSES
from ..runner import Actor, actor
from .platform import NEED_KEY, Heroku
from .rollout import image_id, ship
from .site import WAIT_SECONDS, look


def promotable(acting: Actor, heroku: Heroku, staging: str, asked: str) -> public_site.Seen:
    """Return staging's release; raise Stop if it is not ready, or not of the requested commit."""
    url = acting.ask(heroku.app(staging))["web_url"]
    seen = public_site.see(acting, url)
    if not seen.ready:
        raise Stop(
            f"{staging} is not fit to be promoted: {seen.words}\n"
            f"  Release a good commit there first: bin/release heroku {staging}"
        )
    approved = commits.resolve(acting, asked) if asked else seen.commit
    if seen.commit != approved:
        raise Stop(
            f"{staging} runs {short(seen.commit)} by now, not {short(approved)}, which was "
            "approved.\n"
            "  Nothing was pushed: what nobody approved does not reach production.\n"
            f"  Approve the pipeline of {short(seen.commit)} instead. If it has to be the other, "
            f"release that first:\n  bin/release heroku {staging} --commit {short(approved)}"
        )
    say(f"{staging}: {url} runs {short(seen.commit)} and is ready")
    return seen


def promote(
    acting: Actor, heroku: Heroku, staging: str, production: str, asked: str, seconds: float
) -> None:
    """Release staging's images on production; raise Stop unless the public site runs them.

    ``asked`` is the approved commit: raise Stop unless staging runs it.
    """
    seen = promotable(acting, heroku, staging, asked)
    site = look(acting, heroku, production, "", seconds)
    way = (
        "What was pushed there last is not what it runs: its release failed. Push the good one "
        f"again:\n  bin/release heroku {staging} --commit {short(seen.commit)}"
    )
    found, ways = {}, {}
    for process in PROCESSES:
        source = heroku.repository(staging, process)
        absent = f"{source} is not there any more."
        found[process] = tested_images.find(
            acting, source, heroku.account(), seen.commit, absent, way
        )
        target = heroku.repository(production, process)
        ways[process] = (f"{source}@{found[process].digest}", target)
    tested_images.copy(acting, ways, heroku.account(), heroku.account())
    for process in PROCESSES:
        arrived = image_id(acting, heroku, production, process)
        if arrived != found[process].id and not acting.dry:
            raise Stop(
                f"{production}'s {process} image is {arrived}, {staging}'s is "
                f"{found[process].id}: somebody pushed in between.\n"
                "  Nothing was released; type the same again."
            )
        say(f"{production}: {process} is {arrived}, the same as {staging}'s")
    ship(acting, heroku, site, seen.commit)


def program(argv: list[str]) -> None:
    """Run the promotion with these arguments."""
    approved = "what was approved, and has to be on staging"
    words = parser("promote", __doc__, commit=approved, seconds=WAIT_SECONDS)
    words.add_argument("staging", metavar="STAGING")
    words.add_argument("production", metavar="PRODUCTION")
    given = words.parse_args(argv)
    acting = actor(given.dry_run, NEED_KEY)
    promote(acting, Heroku(), given.staging, given.production, given.commit, given.timeout)


if __name__ == "__main__":
    main(program)
