"""The state of the platform: apps, releases, pipelines. It is in memory only."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .logs import Log, Output

EMAIL = "operator@rehearsal.example"
ACCOUNT_ID = str(uuid.uuid5(uuid.NAMESPACE_DNS, EMAIL))


def now() -> str:
    """Return this moment as the API writes it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id() -> str:
    """Return an id as the API has them."""
    return str(uuid.uuid4())


class Refused(Exception):
    """An answer of 400 or above, in the platform's words."""

    def __init__(self, status: int, id_: str, message: str) -> None:
        super().__init__(message)
        self.status, self.id, self.message = status, id_, message


def missing(what: str) -> Refused:
    """Return the 404 for something that isn't there."""
    return Refused(404, "not_found", f"Couldn't find that {what}.")


@dataclass
class Release:
    """Code and config vars that belong together; ``images`` are image ids by process type."""

    version: int
    description: str
    images: dict[str, str]
    config: dict[str, str]
    status: str = "pending"
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)
    output: Output | None = None


@dataclass
class Addon:
    """An add-on: a name and a plan, with nothing behind them; ready after the first look."""

    service: str
    plan: str
    variable: str
    state: str = "provisioning"
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)


@dataclass
class App:
    """An app: its config vars, releases, wished quantities, and the dynos that run."""

    name: str
    port: int
    stack: str = "container"
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)
    config: dict[str, str] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    current: Release | None = None
    quantities: dict[str, int] = field(default_factory=lambda: {"web": 1})
    features: dict[str, bool] = field(default_factory=lambda: {"preboot": False})
    dynos: list = field(default_factory=list)
    log: Log = field(default_factory=Log)
    maintenance: bool = False
    addons: list["Addon"] = field(default_factory=list)

    def release(self, name: str) -> Release:
        """Return a release by id or version (``v3``, ``3``, ``current``)."""
        for release in self.releases:
            if name in (release.id, str(release.version), f"v{release.version}"):
                return release
        if name == "current" and self.current:
            return self.current
        raise missing("release")

    def add(self, description: str, images: dict[str, str], config: dict[str, str]) -> Release:
        """Make a new release, pending; nothing runs it yet."""
        version = self.releases[-1].version + 1 if self.releases else 1
        release = Release(version, description, dict(images), dict(config))
        self.releases.append(release)
        self.config = dict(config)
        return release


@dataclass
class Coupling:
    """An app's stage in a pipeline."""

    app: App
    pipeline: "Pipeline"
    stage: str
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)


@dataclass
class Pipeline:
    """A pipeline of apps."""

    name: str
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)


class Store:
    """All there is. Hold ``lock`` while changing it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.apps: dict[str, App] = {}
        self.pipelines: list[Pipeline] = []
        self.couplings: list[Coupling] = []

    def app(self, name: str) -> App:
        """Return an app by name or id."""
        for app in self.apps.values():
            if name in (app.name, app.id):
                return app
        raise missing("app")

    def pipeline(self, name: str) -> Pipeline:
        """Return a pipeline by name or id."""
        for pipeline in self.pipelines:
            if name in (pipeline.name, pipeline.id):
                return pipeline
        raise missing("pipeline")
