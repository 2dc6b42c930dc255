"""bin/release heroku APP: release a commit's tested images, or change nothing."""

from __future__ import annotations

from .. import commits, tested_images
from ..cli_arguments import parser
from ..cli import main, say
from ..runner import Actor, actor
from .platform import NEED_KEY, Heroku
from .rollout import ship
from .site import WAIT_SECONDS, look


def release(acting: Actor, heroku: Heroku, app: str, asked: str, url: str, seconds: float) -> None:
    """Release the commit's tested images on the app; raise Stop unless the public site runs it."""
    commit = commits.wanted(acting, asked)
    repository = tested_images.repository(acting.dry)
    account = tested_images.hub_account(repository)
    absent = tested_images.untested(repository, commit)
    found = {
        process: tested_images.find(acting, source, account, commit, absent)
        for process, source in tested_images.tested(repository, commit).items()
    }
    say(f"release: {commits.short(commit)} has tested images")
    site = look(acting, heroku, app, url, seconds)
    ways = {
        process: (f"{repository}@{image.digest}", heroku.repository(app, process))
        for process, image in found.items()
    }
    tested_images.copy(acting, ways, account, heroku.account())
    ship(acting, heroku, site, commit)


def program(argv: list[str]) -> None:
    """Run the release with these arguments."""
    words = parser("release", __doc__, commit="another commit than HEAD", seconds=WAIT_SECONDS)
    words.add_argument("platform", choices=["heroku"])
    words.add_argument("app", metavar="APP")
    words.add_argument("--url", default="", help="the public address, if it is not the app's own")
    given = words.parse_args(argv)
    acting = actor(given.dry_run, NEED_KEY, tested_images.NEED_REPOSITORY)
    release(acting, Heroku(), given.app, given.commit, given.url, given.timeout)


if __name__ == "__main__":
    main(program)
