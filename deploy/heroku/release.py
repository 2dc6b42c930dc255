"""bin/release heroku APP: a commit's tested image becomes what the public sees, or none does."""

from __future__ import annotations

from .. import commits, images
from ..act import Actor, actor
from ..typed import parser
from ..words import main, say
from .platform import KEY, NEED_KEY, Heroku
from .ship import ship
from .site import WAIT_SECONDS, look


def release(acting: Actor, heroku: Heroku, app: str, asked: str, url: str, seconds: float) -> None:
    """Release the commit's tested images on the app; Stop unless the public site ends up on it."""
    commit = commits.wanted(acting, asked)
    repository = images.repository(acting.dry)
    for login in images.login(repository):
        images.log_in(acting, login)
    sources = images.tested(repository, commit)
    for source in sources.values():
        images.pull(acting, source, commit, absent=images.untested(repository, commit))
    say(f"release: {commits.short(commit)} has tested images")
    site = look(acting, heroku, app, url, seconds)
    images.log_in(acting, heroku.login())
    for process, source in sources.items():
        images.push(acting, source, heroku.repository(app, process), KEY)
    ship(acting, heroku, site, commit)


def program(argv: list[str]) -> None:
    """Release as the arguments say."""
    words = parser("release", __doc__, commit="another commit than HEAD", seconds=WAIT_SECONDS)
    words.add_argument("platform", choices=["heroku"])
    words.add_argument("app", metavar="APP")
    words.add_argument("--url", default="", help="the public address, if it is not the app's own")
    given = words.parse_args(argv)
    acting = actor(given.dry_run, NEED_KEY, images.NEED_REPOSITORY)
    release(acting, Heroku(), given.app, given.commit, given.url, given.timeout)


if __name__ == "__main__":
    main(program)
