"""Endpoints: account, apps, their config vars, features and logs."""

from __future__ import annotations

import secrets

from .. import responses
from ..api import Json, Platform, route
from ..registry import APP
from ..store import App, Refused, missing, new_id, now


@route("GET", "/account")
def account(platform: Platform, body: Json, accept: str) -> Json:
    """Show whose key it is."""
    return responses.account()


@route("GET", "/users/{user}")
def user(platform: Platform, body: Json, accept: str, user: str) -> Json:
    """Show the only account, whoever is asked for: ``pipelines:create`` asks for ``~``."""
    return responses.account()


@route("GET", "/apps")
def apps(platform: Platform, body: Json, accept: str) -> Json:
    """List the apps."""
    return [responses.app(app) for app in platform.store.apps.values()]


@route("GET", "/users/~/apps")
def own_apps(platform: Platform, body: Json, accept: str) -> Json:
    """List the apps of the only account."""
    return apps(platform, body, accept)


@route("POST", "/apps")
def create_app(platform: Platform, body: Json, accept: str) -> Json:
    """Make an app: a name, a port on the router, no release yet."""
    name = body.get("name") or f"app-{secrets.token_hex(4)}"
    if not APP.fullmatch(name):
        raise Refused(422, "invalid_params", "Name must start with a letter.")
    if name in platform.store.apps:
        raise Refused(422, "invalid_params", f"Name {name} is already taken")
    app = App(name, platform.free_port(), stack=body.get("stack") or "container")
    platform.store.apps[name] = app
    platform.routers[app.id] = platform.new_router(app)
    app.log.add("app", "api", "Initial release by user")
    return responses.app(app)


@route("GET", "/apps/{app}")
def show_app(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Show an app."""
    return responses.app(platform.store.app(app))


@route("PATCH", "/apps/{app}")
def change_app(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Turn maintenance on or off."""
    found = platform.store.app(app)
    found.maintenance = body.get("maintenance", found.maintenance)
    return responses.app(found)


@route("GET", "/apps/{app}/config-vars")
def config_vars(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Show the config vars, values included."""
    return dict(platform.store.app(app).config)


@route("PATCH", "/apps/{app}/config-vars")
def change_config(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Set config vars (null unsets): a new release, which restarts the dynos."""
    found = platform.store.app(app)
    config = {k: v for k, v in (found.config | body).items() if v is not None}
    if config != found.config:
        names = ", ".join(sorted(body))
        verb = "Remove" if all(value is None for value in body.values()) else "Set"
        images = found.current.images if found.current else {}
        release = found.add(f"{verb} {names} config vars", images, config)
        platform.formation.begin(found, release)
    return dict(found.config)


@route("GET", "/apps/{app}/features/{name}")
def feature(platform: Platform, body: Json, accept: str, app: str, name: str) -> Json:
    """Show a feature: preboot is the only one."""
    found = platform.store.app(app)
    if name not in found.features:
        raise missing("app feature")
    return responses.feature(name, found.features[name], found)


@route("PATCH", "/apps/{app}/features/{name}")
def change_feature(platform: Platform, body: Json, accept: str, app: str, name: str) -> Json:
    """Turn a feature on or off."""
    shown = feature(platform, body, accept, app, name)
    platform.store.app(app).features[name] = bool(body.get("enabled"))
    return shown | {"enabled": bool(body.get("enabled"))}


@route("POST", "/apps/{app}/log-sessions")
def log_session(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Return an address that shows the log; whoever knows it may read, for five minutes."""
    session = new_id()
    platform.log_sessions[session] = body | {"app": platform.store.app(app)}
    return {
        "created_at": now(),
        "id": session,
        "logplex_url": f"{platform.base}/logs/{session}",
        "updated_at": now(),
    }
