"""The Platform API's endpoints: https://devcenter.heroku.com/articles/platform-api-reference"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import show
from .formation import Formation
from .images import Images
from .rendezvous import Rendezvous
from .router import Router
from .store import App, Coupling, Pipeline, Refused, Store, missing, new_id, now

Json = Any
ROUTES: list[tuple[str, re.Pattern[str], Callable[..., Json]]] = []
NAME = re.compile(r"[a-z][a-z0-9-]{1,28}[a-z0-9]")


def route(method: str, path: str) -> Callable:
    """Register an endpoint; ``{name}`` in the path is a part that is handed on."""
    pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path) + "/?")

    def register(function: Callable[..., Json]) -> Callable[..., Json]:
        ROUTES.append((method, pattern, function))
        return function

    return register


@dataclass
class Platform:
    """All parts together; ``base`` is the API's own address."""

    store: Store
    formation: Formation
    images: Images
    base: str
    new_router: Callable[[App], Router]
    free_port: Callable[[], int]
    rendezvous: Rendezvous
    log_sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    routers: dict[str, Router] = field(default_factory=dict)

    def answer(self, method: str, path: str, body: Json, accept: str) -> tuple[int, Json]:
        """Give status and body for a request; raise Refused."""
        for wanted, pattern, function in ROUTES:
            found = pattern.fullmatch(path)
            if found and method == wanted:
                with self.store.lock:
                    shown = function(self, body or {}, accept, **found.groupdict())
                return (201 if method == "POST" else 200), shown
        raise Refused(404, "not_found", "The requested API endpoint was not found.")


@route("GET", "/account")
def account(platform: Platform, body: Json, accept: str) -> Json:
    """Show whose key it is."""
    return show.account()


@route("GET", "/apps")
def apps(platform: Platform, body: Json, accept: str) -> Json:
    """List the apps."""
    return [show.app(app) for app in platform.store.apps.values()]


@route("GET", "/users/~/apps")
def own_apps(platform: Platform, body: Json, accept: str) -> Json:
    """List the apps of the only account."""
    return apps(platform, body, accept)


@route("POST", "/apps")
def create_app(platform: Platform, body: Json, accept: str) -> Json:
    """Make an app: a name, a port on the router, no release yet."""
    name = body.get("name") or f"app-{secrets.token_hex(4)}"
    if not NAME.fullmatch(name):
        raise Refused(422, "invalid_params", "Name must start with a letter.")
    if name in platform.store.apps:
        raise Refused(422, "invalid_params", f"Name {name} is already taken")
    app = App(name, platform.free_port(), stack=body.get("stack") or "container")
    platform.store.apps[name] = app
    platform.routers[app.id] = platform.new_router(app)
    app.log.add("app", "api", "Initial release by user")
    return show.app(app)


@route("GET", "/apps/{app}")
def show_app(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Show an app."""
    return show.app(platform.store.app(app))


@route("PATCH", "/apps/{app}")
def change_app(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Turn maintenance on or off."""
    found = platform.store.app(app)
    found.maintenance = body.get("maintenance", found.maintenance)
    return show.app(found)


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


@route("GET", "/apps/{app}/releases")
def releases(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """List the releases, by version."""
    found = platform.store.app(app)
    return [show.release(found, release, platform.base) for release in found.releases]


@route("GET", "/apps/{app}/releases/{release}")
def show_release(platform: Platform, body: Json, accept: str, app: str, release: str) -> Json:
    """Show a release."""
    found = platform.store.app(app)
    return show.release(found, found.release(release), platform.base)


@route("POST", "/apps/{app}/releases")
def roll_back(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Make an older release's images and config vars current, as a new release."""
    found = platform.store.app(app)
    if "release" not in body:
        raise Refused(422, "invalid_params", "Only rollbacks are possible for images.")
    older = found.release(str(body["release"]))
    if older.status != "succeeded" or not older.images:
        raise Refused(422, "invalid_params", f"Cannot roll back to v{older.version}.")
    release = found.add(f"Rollback to v{older.version}", older.images, older.config)
    platform.formation.begin(found, release)
    return show.release(found, release, platform.base)


@route("GET", "/apps/{app}/formation")
def formation(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """List the process types."""
    found = platform.store.app(app)
    kinds = sorted(set(found.quantities) | set(found.current.images if found.current else ()))
    return [show.formation(found, kind) for kind in kinds if kind != "release"]


@route("GET", "/apps/{app}/formation/{kind}")
def show_formation(platform: Platform, body: Json, accept: str, app: str, kind: str) -> Json:
    """Show a process type."""
    return show.formation(platform.store.app(app), kind)


@route("PATCH", "/apps/{app}/formation")
def change_formation(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Scale process types; with the docker-releases variant, release images for them."""
    found = platform.store.app(app)
    updates = body.get("updates", [])
    images = {u["type"]: u["docker_image"] for u in updates if "docker_image" in u}
    if images and "docker-releases" not in accept:
        raise Refused(422, "invalid_params", "docker_image needs version=3.docker-releases.")
    for update in updates:
        if "quantity" in update:
            wish, now_ = str(update["quantity"]), found.quantities.get(update["type"], 0)
            found.quantities[update["type"]] = now_ + int(wish) if wish[0] in "+-" else int(wish)
    if images:
        release_images(platform, found, images)
    elif any("quantity" in update for update in updates):
        platform.formation.scale(found)
    return formation(platform, body, accept, app)


@route("PATCH", "/apps/{app}/formation/{kind}")
def change_kind(platform: Platform, body: Json, accept: str, app: str, kind: str) -> Json:
    """Scale one process type."""
    change_formation(platform, {"updates": [body | {"type": kind}]}, accept, app)
    return show.formation(platform.store.app(app), kind)


def release_images(platform: Platform, app: App, images: dict[str, str]) -> None:
    """Make a release of images that were pushed; the very same images make none."""
    before = app.current.images if app.current else {}
    if all(before.get(kind) == image for kind, image in images.items()):
        return
    for kind, image in images.items():
        platform.images.fetch(app.name, kind, image)
    named = ", ".join(
        f"{kind} ({image.removeprefix('sha256:')[:12]})" for kind, image in images.items()
    )
    release = app.add(f"Deployed {named}", before | images, app.config)
    platform.formation.begin(app, release)


@route("GET", "/apps/{app}/dynos")
def dynos(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """List the dynos."""
    return [show.dyno(dyno) for dyno in platform.store.app(app).dynos]


@route("POST", "/apps/{app}/dynos")
def run(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Run a one-off dyno; attached ones wait for their terminal."""
    found = platform.store.app(app)
    if "command" not in body:
        raise Refused(422, "invalid_params", "command is required.")
    env = {name: str(value) for name, value in (body.get("env") or {}).items() if value}
    terminal = bool(body.get("attach"))
    dyno = platform.formation.run(found, body["command"], env, terminal)
    return show.dyno(dyno, platform.rendezvous.expect(dyno) if terminal else None)


@route("GET", "/apps/{app}/dynos/{name}")
def show_dyno(platform: Platform, body: Json, accept: str, app: str, name: str) -> Json:
    """Show a dyno."""
    for dyno in platform.store.app(app).dynos:
        if name in (dyno.name, dyno.id):
            return show.dyno(dyno)
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


@route("POST", "/apps/{app}/log-sessions")
def log_session(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Give an address that shows the log; whoever knows it may read, for five minutes."""
    session = new_id()
    platform.log_sessions[session] = body | {"app": platform.store.app(app)}
    return {
        "created_at": now(),
        "id": session,
        "logplex_url": f"{platform.base}/logs/{session}",
        "updated_at": now(),
    }


@route("GET", "/apps/{app}/features/{name}")
def feature(platform: Platform, body: Json, accept: str, app: str, name: str) -> Json:
    """Show a feature: preboot is the only one."""
    found = platform.store.app(app)
    if name not in found.features:
        raise missing("app feature")
    return show.feature(name, found.features[name], found)


@route("PATCH", "/apps/{app}/features/{name}")
def change_feature(platform: Platform, body: Json, accept: str, app: str, name: str) -> Json:
    """Turn a feature on or off."""
    shown = feature(platform, body, accept, app, name)
    platform.store.app(app).features[name] = bool(body.get("enabled"))
    return shown | {"enabled": bool(body.get("enabled"))}


@route("GET", "/pipelines")
def pipelines(platform: Platform, body: Json, accept: str) -> Json:
    """List the pipelines."""
    return [show.pipeline(pipeline) for pipeline in platform.store.pipelines]


@route("POST", "/pipelines")
def create_pipeline(platform: Platform, body: Json, accept: str) -> Json:
    """Make a pipeline."""
    pipeline = Pipeline(body["name"])
    platform.store.pipelines.append(pipeline)
    return show.pipeline(pipeline)


@route("GET", "/pipelines/{pipeline}")
def show_pipeline(platform: Platform, body: Json, accept: str, pipeline: str) -> Json:
    """Show a pipeline."""
    return show.pipeline(platform.store.pipeline(pipeline))


@route("GET", "/pipelines/{pipeline}/pipeline-couplings")
def couplings(platform: Platform, body: Json, accept: str, pipeline: str) -> Json:
    """List a pipeline's apps."""
    found = platform.store.pipeline(pipeline)
    return [show.coupling(c) for c in platform.store.couplings if c.pipeline is found]


@route("POST", "/pipeline-couplings")
def couple(platform: Platform, body: Json, accept: str) -> Json:
    """Put an app into a pipeline, at a stage."""
    found = platform.store.app(body["app"])
    coupling = Coupling(found, platform.store.pipeline(body["pipeline"]), body["stage"])
    platform.store.couplings.append(coupling)
    return show.coupling(coupling)


@route("GET", "/apps/{app}/pipeline-couplings")
def coupling_of(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Show an app's stage in its pipeline."""
    found = platform.store.app(app)
    for coupling in platform.store.couplings:
        if coupling.app is found:
            return show.coupling(coupling)
    raise missing("pipeline coupling")


@route("POST", "/pipeline-promotions")
def promote(platform: Platform, body: Json, accept: str) -> Json:
    """Refuse, as the real one does for apps that run images: heroku/roadmap#222."""
    platform.store.pipeline(body["pipeline"]["id"])
    platform.store.app(body["source"]["app"]["id"])
    raise Refused(
        422, "invalid_params", "Apps on the container stack can't be promoted through a pipeline."
    )
