"""Endpoints: releases, rollbacks, and the formation, by which images are released."""

from __future__ import annotations

from .. import responses
from ..api import Json, Platform, route
from ..store import App, Refused


@route("GET", "/apps/{app}/releases")
def releases(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """List the releases, by version."""
    found = platform.store.app(app)
    return [responses.release(found, release, platform.base) for release in found.releases]


@route("GET", "/apps/{app}/releases/{release}")
def show_release(platform: Platform, body: Json, accept: str, app: str, release: str) -> Json:
    """Show a release."""
    found = platform.store.app(app)
    return responses.release(found, found.release(release), platform.base)


@route("GET", "/apps/{app}/releases/{release}/config-vars")
def config_of(platform: Platform, body: Json, accept: str, app: str, release: str) -> Json:
    """Show the config vars that a release runs with, as ``releases:info`` does."""
    return dict(platform.store.app(app).release(release).config)


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
    return responses.release(found, release, platform.base)


@route("GET", "/apps/{app}/formation")
def formation(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """List the process types."""
    found = platform.store.app(app)
    kinds = sorted(set(found.quantities) | set(found.current.images if found.current else ()))
    return [responses.formation(found, kind) for kind in kinds if kind != "release"]


@route("GET", "/apps/{app}/formation/{kind}")
def show_formation(platform: Platform, body: Json, accept: str, app: str, kind: str) -> Json:
    """Show a process type."""
    return responses.formation(platform.store.app(app), kind)


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
    return responses.formation(platform.store.app(app), kind)


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
