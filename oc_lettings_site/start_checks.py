"""What must be right before the site serves: checked by the doctor and at every start."""

from __future__ import annotations

import sys
from pathlib import Path

from core.env import Env

from . import platforms

STATIC_ROOT = Path(__file__).resolve().parents[1] / "staticfiles"
# https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#manifeststaticfilesstorage
MANIFEST = "staticfiles.json"
DEPLOYED = {"staging", "production"}
# Programs that people run by hand: `manage.py runserver`.
BY_HAND = {"manage.py", "django-admin"}


def note_faults(env: Env, server: str = "") -> None:
    """Record a fault for each reason not to serve; ``server`` is the serving program, if any.

    Development shows settings, sources and values of variables to anyone who finds an error.
    """
    environment = env.variables["ENVIRONMENT"]
    if environment.shown in DEPLOYED:
        _note_missing_static(env)
        return
    known = platforms.recognize(env.source)
    if known:
        platform, mark = known
        env.fault(
            "ENVIRONMENT",
            f"found {environment.shown}, on {platform.name} (there is {mark})",
            "the public would be answered with a key that everybody knows, and in development with"
            " debug pages full of settings",
            "export ENVIRONMENT=production (Heroku: heroku config:set ENVIRONMENT=production); a"
            f" workspace of your own that only looks like one: env -u {mark} make run",
        )
    elif server and (environment.shown, environment.source) == ("development", "default"):
        env.fault(
            "ENVIRONMENT",
            f"not set, and {server} serves",
            "a server like this answers the public, and development has debug pages full of"
            " settings",
            "export ENVIRONMENT=production; to try it on your machine: export"
            " ENVIRONMENT=development",
        )


def stop_unless_fit(env: Env) -> None:
    """Raise BadEnvironment, with every reason, unless this process may serve."""
    program = Path(sys.argv[0])
    name = program.parent.name if program.name == "__main__.py" else program.name
    note_faults(env, "" if name in BY_HAND else name)
    env.stop_on_faults()


def _note_missing_static(env: Env) -> None:
    if (STATIC_ROOT / MANIFEST).is_file():
        return
    env.fault(
        "static files",
        f"{STATIC_ROOT / MANIFEST} is not there: they were not collected",
        "every page asks there for its style sheet's name, and so is answered 500",
        "python manage.py collectstatic --noinput (Heroku's buildpack does it at each push: heroku"
        " config:unset DISABLE_COLLECTSTATIC, then push again)",
    )
