"""Endpoints: add-ons, as names that an app has; their variables lead nowhere."""

from __future__ import annotations

from .. import responses
from ..api import Json, Platform, route
from ..store import Addon, Refused, missing
from .apps import change_config

# What each service gives the app, and where to: nobody listens at port 9.
SERVICES = {
    "heroku-postgresql": ("DATABASE_URL", "postgres://addon:addon@127.0.0.1:9/addon"),
    "heroku-redis": ("REDIS_URL", "rediss://:addon@127.0.0.1:9"),
}


@route("GET", "/apps/{app}/addons")
def addons(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """List an app's add-ons; those that were in the making are ready at the next look."""
    found = platform.store.app(app)
    shown = [responses.addon(addon, found) for addon in found.addons]
    for addon in found.addons:
        if addon.state == "provisioning":
            addon.state = "provisioned"
            change_config(platform, {addon.variable: SERVICES[addon.service][1]}, accept, app)
    return shown


@route("POST", "/apps/{app}/addons")
def add(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Add an add-on of a plan; a second one of a service would be another database."""
    found = platform.store.app(app)
    service, _, plan = str(body["plan"]).partition(":")
    if service not in SERVICES or not plan:
        raise missing("plan")
    if service in [addon.service for addon in found.addons]:
        raise Refused(422, "invalid_params", f"{service} is there already.")
    addon = Addon(service, plan, SERVICES[service][0])
    found.addons.append(addon)
    return responses.addon(addon, found)
