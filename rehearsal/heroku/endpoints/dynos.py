"""Endpoints: dynos, one-off dynos, restarts."""

from __future__ import annotations

from .. import responses
from ..api import Json, Platform, route
from ..store import Refused, missing


@route("GET", "/apps/{app}/dynos")
def dynos(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """List the dynos."""
    return [responses.dyno(dyno) for dyno in platform.store.app(app).dynos]


@route("POST", "/apps/{app}/dynos")
def run(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Run a one-off dyno; attached ones wait for their terminal."""
    found = platform.store.app(app)
    if "command" not in body:
        raise Refused(422, "invalid_params", "command is required.")
    env = {name: str(value) for name, value in (body.get("env") or {}).items() if value}
    terminal = bool(body.get("attach"))
    dyno = platform.formation.run(found, body["command"], env, terminal)
    return responses.dyno(dyno, platform.rendezvous.expect(dyno) if terminal else None)


@route("GET", "/apps/{app}/dynos/{name}")
def show_dyno(platform: Platform, body: Json, accept: str, app: str, name: str) -> Json:
    """Show a dyno."""
    for dyno in platform.store.app(app).dynos:
        if name in (dyno.name, dyno.id):
            return responses.dyno(dyno)
    raise missing("dyno")


@route("DELETE", "/apps/{app}/dynos")
def restart(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Restart every dyno."""
    found = platform.store.app(app)
    platform.formation.restart(found, list(found.dynos))
    return {}


@route("DELETE", "/apps/{app}/dynos/{name}")
def restart_one(platform: Platform, body: Json, accept: str, app: str, name: str) -> Json:
    """Restart a dyno."""
    found = platform.store.app(app)
    chosen = [dyno for dyno in found.dynos if name in (dyno.name, dyno.id)]
    if not chosen:
        raise missing("dyno")
    platform.formation.restart(found, chosen)
    return {}


@route("DELETE", "/apps/{app}/formations/{kind}")
def restart_kind(platform: Platform, body: Json, accept: str, app: str, kind: str) -> Json:
    """Restart every dyno of a process type."""
    found = platform.store.app(app)
    platform.formation.restart(found, [dyno for dyno in found.dynos if dyno.type == kind])
    return {}
