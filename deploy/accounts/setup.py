"""bin/setup-accounts: makes what a new project needs at Sentry, Docker Hub, Heroku and CircleCI.

Secrets come from the environment, and are neither typed on a command line nor shown. What is there
already stays as it is: type the same as often as you like.
"""

from __future__ import annotations

import os
import re

from ..cli_arguments import parser
from ..cli import Stop, main, say
from ..heroku.platform import KEY, Heroku
from ..runner import Actor, actor
from ..sentry import repository
from ..sentry.server import TOKEN as SENTRY_TOKEN
from ..sentry.server import Server
from . import circleci, dockerhub, heroku, app_names, sentry
from .record import Record

APPS = {"STAGING_APP": "staging", "PRODUCTION_APP": "production"}
# https://devcenter.heroku.com/articles/platform-api-reference#app
APP_NAME = re.compile(r"[a-z][a-z0-9-]{1,28}[a-z0-9]")
NEEDED = {
    "STAGING_APP": "the Heroku app for staging, such as you-lettings-staging",
    "PRODUCTION_APP": "the Heroku app for the public, such as you-lettings",
    dockerhub.USER: "your name at Docker Hub",
    dockerhub.TOKEN: "an access token of yours there, to read and write",
    SENTRY_TOKEN: "the token of an internal integration at Sentry",
    "SENTRY_ORG": "your organization's short name there",
    KEY: "a token of `heroku authorizations:create`",
    circleci.TOKEN: "a personal token at CircleCI",
}
WITHOUT = {
    "EMAIL_URL": "mail waits in the outbox, and so nobody can confirm an address",
    "STAGING_S3_BUCKET": "staging forgets uploaded pictures within a day",
    "PRODUCTION_S3_BUCKET": "production forgets uploaded pictures within a day",
}


def check(here: dict[str, str]) -> None:
    """Stop, with all that is missing or wrong, before anything is made."""
    wrong = [f"  {name}: {what}" for name, what in NEEDED.items() if not here.get(name)]
    wrong += [
        f"  {name}: has a space or a line break in it"
        for name in NEEDED
        if re.search(r"\s", here.get(name, ""))
    ]
    wrong += [
        f"  {name}: '{here[name]}' is no name for an app: 3 to 30 small letters, digits, dashes"
        for name in APPS
        if here.get(name) and not APP_NAME.fullmatch(here[name])
    ]
    if here.get("STAGING_APP") and here.get("STAGING_APP") == here.get("PRODUCTION_APP"):
        wrong.append("  STAGING_APP and PRODUCTION_APP are the same app")
    if here.get("EMAIL_URL") and not here.get("DEFAULT_FROM_EMAIL"):
        wrong.append("  DEFAULT_FROM_EMAIL: who mail is from; with EMAIL_URL the site wants it")
    if wrong:
        listed = "\n".join(wrong)
        raise Stop(
            f"not everything is set that has to be:\n{listed}\n"
            "  Nothing was made. export each of them (docs/delivery.md says where from)."
        )


def set_up(acting: Actor, record: Record) -> None:
    """Make everything, in the order in which one gives what the next one needs."""
    user = os.environ.get(dockerhub.USER, f"${dockerhub.USER}")
    os.environ.setdefault("IMAGE_REPOSITORY", f"docker.io/{user}/oc-lettings")
    sentry.project()
    ours = repository.ours(acting)
    dsn = sentry.set_up(acting, Server(), ours, record)
    os.environ["SENTRY_DSN"] = dsn
    dockerhub.set_up(acting, dockerhub.DockerHub(), record)
    for name, environment in APPS.items():
        app = os.environ.get(name, f"${name}")
        heroku.set_up(acting, Heroku(), app, environment, record)
    circleci.set_up(acting, circleci.CircleCI(), ours.partition("/")[0], record)
    write_names(acting, record)


def write_names(acting: Actor, record: Record) -> None:
    """Put the apps' names into the workflow."""
    apps = {name: os.environ.get(name, f"${name}") for name in APPS}
    before = app_names.CONFIG.read_text()
    try:
        after = app_names.renamed(before, apps)
    except ValueError as missing:
        raise Stop(
            f"{app_names.CONFIG.name} has no line '{missing}: ...' to write the app's name into.\n"
            "  Add it to `environment` of the executor `delivery`."
        ) from None
    where = ".circleci/config.yml names " + " and ".join(apps.values())
    if before == after:
        record.there(where)
        return
    if not acting.dry:
        app_names.CONFIG.write_text(after)
    record.made(where)
    record.by_hand('git commit -am "Name the apps of this project", then git push')


def summarize(record: Record, here: dict[str, str]) -> None:
    """Say what was changed, what is missing, and what is left to do by hand."""
    for name, lack in WITHOUT.items():
        if not here.get(name):
            say(f"  without {name} {lack}")
    for what in record.todo:
        say(f"  yours: {what}")
    say(
        f"setup-accounts: {record.changes} things were made"
        if record.changes
        else "setup-accounts: everything was there; nothing was changed"
    )


def program(argv: list[str]) -> None:
    """Set up as the environment says."""
    given = parser("setup-accounts", __doc__).parse_args(argv)
    if not given.dry_run:
        check(dict(os.environ))
    record = Record(given.dry_run)
    set_up(actor(given.dry_run), record)
    if given.dry_run:
        say("setup-accounts: a dry run; nothing was asked, and nothing was made")
        return
    summarize(record, dict(os.environ))


if __name__ == "__main__":
    main(program)
