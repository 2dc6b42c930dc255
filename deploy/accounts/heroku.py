"""Heroku: an app with its add-ons and config vars.

https://devcenter.heroku.com/articles/platform-api-reference
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from typing import Any

from ..commands import Secret
from ..cli import Stop
from ..heroku.platform import Heroku
from ..runner import Actor
from .record import Record, find

ADDONS = ("heroku-postgresql:essential-0", "heroku-redis:premium-0")
PROVISION_SECONDS = 900
KEY_BYTES = 50
# What every app has, unless somebody set it to something else.
USUAL = {
    "TRUSTED_PROXIES": "1",
    "REDIS_VERIFY_CERTIFICATE": "false",
    "ALLOWED_HOSTS": ".herokuapp.com",
}
# What is taken from the environment, for both apps; STAGING_... and PRODUCTION_... for one.
GIVEN = (
    "SENTRY_DSN",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "S3_ENDPOINT_URL",
    "S3_REGION",
    "S3_ACCESS_KEY_ID",
    "S3_SECRET_ACCESS_KEY",
)
# Two apps in one bucket or mailbox would take each other's, so that these are for one alone.
OWN = ("S3_BUCKET", "INBOX_URL")


def wanted(environment: str, here: Mapping[str, str], there: Mapping[str, str]) -> dict[str, str]:
    """Return the config vars that the app lacks, or that differ from ``here``.

    What only this program would choose never replaces what an app has ``there``.
    """
    prefix = f"{environment.upper()}_"
    given = {name: here.get(name, "") for name in GIVEN}
    given |= {name: here[prefix + name] for name in GIVEN + OWN if here.get(prefix + name)}
    vars_ = {name: value for name, value in given.items() if value and there.get(name) != value}
    usual = USUAL | {"ENVIRONMENT": environment}
    vars_ |= {name: value for name, value in usual.items() if name not in there}
    if "SECRET_KEY" not in there:
        vars_["SECRET_KEY"] = secrets.token_urlsafe(KEY_BYTES)
    return vars_


def set_up(actor: Actor, heroku: Heroku, app: str, environment: str, record: Record) -> None:
    """Create the app, then its add-ons, then its config vars."""
    if find(actor, heroku.app(app)):
        record.there(f"Heroku: app {app}")
    else:
        create(actor, heroku, app)
        record.made(f"Heroku: app {app}")
    add_ons(actor, heroku, app, record)
    there = actor.ask(heroku.config_vars(app)) or {}
    vars_ = wanted(environment, os.environ, there)
    if not vars_:
        record.there(f"Heroku: config vars of {app}")
        return
    shown = {"ENVIRONMENT", *USUAL}
    body = {name: v if name in shown else Secret(name, v) for name, v in vars_.items()}
    actor.ask(heroku.change_config(app, body))
    record.made(f"Heroku: config vars of {app}: {', '.join(sorted(vars_))}")


def create(actor: Actor, heroku: Heroku, app: str) -> None:
    """Create the app; raise Stop, with a next step, if its name is taken."""
    try:
        actor.ask(heroku.create_app(app))
    except Stop as refused:
        raise Stop(
            f"{refused}\n  Names of apps are worldwide: choose another one in STAGING_APP or"
            " PRODUCTION_APP."
        ) from None


def add_ons(actor: Actor, heroku: Heroku, app: str, record: Record) -> None:
    """Create missing add-ons, and wait until all are ready."""
    known = {service_of(one) for one in actor.ask(heroku.addons(app)) or []}
    for plan in ADDONS:
        if plan.partition(":")[0] in known:
            record.there(f"Heroku: {plan.partition(':')[0]} of {app}")
        else:
            actor.ask(heroku.add(app, plan))
            record.made(f"Heroku: {plan} for {app}")

    def ready() -> bool:
        listed = actor.ask(heroku.addons(app)) or []
        return all(one["state"] == "provisioned" for one in listed)

    if not actor.until(f"the add-ons of {app} are ready", ready, PROVISION_SECONDS, 5):
        raise Stop(
            f"the add-ons of {app} are not ready in {PROVISION_SECONDS} s.\n"
            f"  heroku addons -a {app} shows them; then type the same again."
        )


def service_of(addon: dict[str, Any]) -> str:
    """Return the service of an add-on, such as heroku-postgresql."""
    return addon["addon_service"]["name"]
