"""The JSON of the API's resources, by the published schema."""

from __future__ import annotations

import uuid
from typing import Any

from .dynos import Dyno
from .store import ACCOUNT_ID, EMAIL, Addon, App, Coupling, Pipeline, Release, now

Json = dict[str, Any]
USER = {"id": ACCOUNT_ID, "email": EMAIL}
SIZE = "Standard-1X"


def account() -> Json:
    """Show the only account there is."""
    return USER | {
        "name": "Operator",
        "verified": True,
        "beta": False,
        "allow_tracking": False,
        "created_at": now(),
        "updated_at": now(),
        "last_login": now(),
        "two_factor_authentication": False,
        "federated": False,
        "suspended_at": None,
        "sms_number": None,
        "delinquent_at": None,
        "default_organization": None,
        "default_team": None,
        "identity_provider": None,
    }


def brief(thing: Any) -> Json:
    """Show what points to a thing: id and name."""
    return {"id": thing.id, "name": thing.name}


def app(app: App) -> Json:
    """Show an app."""
    stack = {"id": "11111111-0000-4000-8000-000000000001", "name": app.stack}
    return brief(app) | {
        "acm": False,
        "archived_at": None,
        "build_stack": stack,
        "buildpack_provided_description": None,
        "created_at": app.created_at,
        "generation": {"id": "11111111-0000-4000-8000-000000000002", "name": "cedar"},
        "git_url": f"https://git.heroku.com/{app.name}.git",
        "internal_routing": None,
        "maintenance": app.maintenance,
        "owner": USER,
        "organization": None,
        "team": None,
        "region": {"id": "11111111-0000-4000-8000-000000000003", "name": "us"},
        "released_at": app.current.created_at if app.current else None,
        "repo_size": None,
        "slug_size": None,
        "space": None,
        "stack": stack,
        "updated_at": app.created_at,
        "web_url": f"http://127.0.0.1:{app.port}/",
    }


def addon(addon: Addon, app: App) -> Json:
    """Show an add-on of an app."""
    ids = "44444444-0000-4000-8000-00000000000"
    return {
        "actions": [],
        "addon_service": {"id": ids + "1", "name": addon.service},
        "app": brief(app),
        "billed_price": None,
        "billing_entity": brief(app) | {"type": "app"},
        "config_vars": [addon.variable] if addon.state == "provisioned" else [],
        "created_at": addon.created_at,
        "id": addon.id,
        "name": f"{addon.service.split('-')[-1]}-rehearsed-{addon.id[:5]}",
        "plan": {"id": ids + "2", "name": f"{addon.service}:{addon.plan}"},
        "provider_id": addon.id,
        "provision_message": "",
        "state": addon.state,
        "updated_at": addon.created_at,
        "web_url": None,
    }


def release(app: App, release: Release, base: str) -> Json:
    """Show a release; ``base`` is where the output stream is."""
    stream = f"{base}/streams/{release.id}" if release.output else None
    return {
        "addon_plan_names": [],
        "artifacts": [],
        "app": brief(app),
        "created_at": release.created_at,
        "current": release is app.current,
        "description": release.description,
        "eligible_for_rollback": release.status == "succeeded" and bool(release.images),
        "id": release.id,
        "output_stream_url": stream,
        # Releases of images have none: github.com/heroku/heroku-releases-retry/pull/11
        "slug": None,
        "status": release.status,
        "updated_at": release.updated_at,
        "user": USER,
        "version": release.version,
    }


def formation(app: App, kind: str) -> Json:
    """Show a process type."""
    return {
        "app": brief(app),
        "command": "",
        "created_at": app.created_at,
        "dyno_size": {"id": "11111111-0000-4000-8000-000000000004", "name": SIZE},
        "id": str(uuid.uuid5(uuid.UUID(app.id), kind)),
        "quantity": app.quantities.get(kind, 0),
        "size": SIZE,
        "type": kind,
        "updated_at": app.created_at,
    }


def dyno(dyno: Dyno, attach_url: str | None = None) -> Json:
    """Show a dyno."""
    shown = {"complete": "down"}.get(dyno.state, dyno.state)
    return {
        "app": brief(dyno.app),
        "attach_url": attach_url,
        "command": dyno.command,
        "created_at": dyno.created_at,
        "id": dyno.id,
        "name": dyno.name,
        "release": {"id": dyno.app.release(str(dyno.release.version)).id}
        | {"version": dyno.release.version},
        "size": SIZE,
        "state": shown,
        "type": dyno.type,
        "updated_at": dyno.updated_at,
    }


def feature(name: str, enabled: bool, app: App) -> Json:
    """Show a feature of an app."""
    return {
        "created_at": app.created_at,
        "description": "New dynos serve before the old ones are stopped.",
        "doc_url": "https://devcenter.heroku.com/articles/preboot",
        "enabled": enabled,
        "id": "33333333-0000-4000-8000-000000000001",
        "name": name,
        "state": "general",
        "updated_at": app.created_at,
        "display_name": name.title(),
        "feedback_email": EMAIL,
    }


def pipeline(pipeline: Pipeline) -> Json:
    """Show a pipeline."""
    return brief(pipeline) | {
        "created_at": pipeline.created_at,
        "owner": {"id": ACCOUNT_ID, "type": "user"},
        "generation": {"id": "11111111-0000-4000-8000-000000000002", "name": "cedar"},
        "updated_at": pipeline.created_at,
    }


def coupling(coupling: Coupling) -> Json:
    """Show an app's stage in a pipeline."""
    return {
        "app": {"id": coupling.app.id},
        "created_at": coupling.created_at,
        "id": coupling.id,
        "pipeline": brief(coupling.pipeline),
        "stage": coupling.stage,
        "updated_at": coupling.created_at,
    }
