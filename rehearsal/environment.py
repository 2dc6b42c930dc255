"""The environment of a rehearsal: a server for each account of a real delivery, and the site."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import urllib3

from browser.mailbox import Mailbox
from deploy.image.docker import remove_images
from tools.circleci.config import Unread, read

from .heroku.registry import HerokuRegistry
from .heroku.stand_in import StandIn
from .services import Bugsink, Postgres, Redis, Registry
from .pipeline.job import Machine
from .pipeline.pipelines import Pipeline, Pipelines
from .pipeline.git_remote import Remote
from .images import image

ROOT = Path(__file__).resolve().parents[1]
PROMOTION = "promote-production"
NAMES = ("STAGING_APP", "PRODUCTION_APP")
HUB_USER = "orange-county"


def apps(config: Path) -> tuple[str, str]:
    """Return the names of staging's and production's app; exit if a workflow file has none."""
    try:
        jobs = {each.name: each.job for each in read(config).stages}
    except Unread as unread:
        sys.exit(f"rehearse: .circleci/config.yml: {unread}")
    variables = jobs[PROMOTION].environment if jobs.get(PROMOTION) else {}
    if not set(NAMES) <= set(variables):
        sys.exit(f"rehearse: .circleci/config.yml: {PROMOTION} has to have {' and '.join(NAMES)}")
    return variables[NAMES[0]], variables[NAMES[1]]


STAGING, PRODUCTION = apps(ROOT / ".circleci" / "config.yml")


def database_of(app: str) -> str:
    """Return the name of an app's database.

    >>> database_of("oc-lettings-staging")
    'oc_lettings_staging'
    """
    return app.replace("-", "_")


class Failed(Exception):
    """A program of bin/ failed where it had to succeed, or the other way round."""


class Environment:
    """Everything that runs. Closing ``stack`` ends it all."""

    def __init__(self, stack: ExitStack, folder: Path, identity: str) -> None:
        self.folder, self.identity = folder, identity
        self.hub_password, self.heroku_key = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.remote = Remote(folder, ROOT)
        self.first = self.good = self.remote.head()
        self.pushed: Pipeline | None = None
        self.issue = ""
        self.hub = stack.enter_context(
            Registry(folder / "hub", 0, HUB_USER, self.hub_password, run=identity)
        )
        self.heroku_registry = stack.enter_context(
            HerokuRegistry(folder / "heroku-registry", 0, self.heroku_key, run=identity)
        )
        self.postgres = stack.enter_context(Postgres(run=identity))
        self.redis = stack.enter_context(Redis(run=identity))
        self.sentry = stack.enter_context(Bugsink(run=identity))
        self.mailbox = stack.enter_context(Mailbox())
        self.heroku = stack.enter_context(
            StandIn(folder / "heroku", self.heroku_registry.address, self.heroku_key)
        )
        self.contexts = self._contexts()
        self.urls = {name: self._app(name) for name in (STAGING, PRODUCTION)}
        images = {f"cimg/{role}": image(role) for role in ("python", "postgres", "redis")}
        machine = Machine(images, self.remote.bare, folder / "caches", threading.Lock())
        machine.caches.mkdir()
        self.pipelines = Pipelines(
            self.remote, machine, self.contexts, folder / "pipelines", identity
        )
        stack.callback(self._remove_images)
        stack.enter_context(self.pipelines)

    def _remove_images(self) -> None:
        """Remove what jobs and verbs left in the engine: pushed images, and branches' unpushed."""
        unpushed = [f"oc-lettings:{each.push.commit}*" for each in self.pipelines.all]
        hubs = (self.hub.address, self.heroku_registry.address)
        remove_images(*(f"{hub}/*/*" for hub in hubs), *unpushed)

    def _contexts(self) -> dict[str, dict[str, str]]:
        """Return the contexts at CircleCI (docs/delivery.md), with these services' secrets."""
        return {
            "docker-hub": {
                "DOCKERHUB_USERNAME": HUB_USER,
                "DOCKERHUB_TOKEN": self.hub_password,
                "IMAGE_REPOSITORY": f"{self.hub.address}/{HUB_USER}/oc-lettings",
            },
            "heroku": {
                "HEROKU_API_KEY": self.heroku_key,
                "HEROKU_API_URL": self.heroku.url,
                "HEROKU_REGISTRY": self.heroku_registry.address,
            },
            "sentry": self.sentry.environment_of_verbs,
        }

    def _app(self, name: str) -> str:
        """Make an app as an operator does by hand, once; return its address."""
        self.postgres.create(database_of(name))
        app = self.api("POST", "/apps", {"name": name})
        self.api("PATCH", f"/apps/{name}/features/preboot", {"enabled": True})
        self.api(
            "PATCH",
            f"/apps/{name}/config-vars",
            {
                "SECRET_KEY": secrets.token_urlsafe(50),
                "ENVIRONMENT": "staging" if name == STAGING else "production",
                "ALLOWED_HOSTS": "127.0.0.1",
                "TRUSTED_PROXIES": "1",
                # The stand-in's router speaks plain HTTP on the loop-back.
                "SECURE_SSL_REDIRECT": "false",
                **self.services(name),
                "EMAIL_URL": self.mailbox.url,
                "DEFAULT_FROM_EMAIL": "lettings@rehearsal.example",
                "SENTRY_DSN": self.sentry.dsn,
            },
        )
        return app["web_url"].rstrip("/")

    def services(self, app: str) -> dict[str, str]:
        """Return the addresses that an app's add-ons would set."""
        number = (STAGING, PRODUCTION).index(app)
        return {
            "DATABASE_URL": self.postgres.url(database_of(app)),
            "REDIS_URL": self.redis.url_of(number),
        }

    def api(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send a request to the Platform API, as its dashboard does; return the answer."""
        answer = urllib3.request(
            method,
            self.heroku.url + path,
            headers={
                "Authorization": f"Bearer {self.heroku_key}",
                "Accept": "application/vnd.heroku+json; version=3",
            },
            **({} if body is None else {"json": body}),
        )
        if answer.status >= 400:
            raise Failed(f"{method} {path}: {answer.status} {answer.data.decode()}")
        return answer.json()

    def verb(self, name: str, *words: str, good: bool = True) -> str:
        """Run a program of bin/ in the clone, as an operator does; return its output.

        Raise Failed if it ends well and must not, or the other way round.
        """
        variables = {k: v for context in self.contexts.values() for k, v in context.items()}
        done = subprocess.run(
            [f"bin/{name}", *words],
            cwd=self.remote.clone,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if (done.returncode == 0) != good:
            ended = "ended well" if done.returncode == 0 else f"ended with {done.returncode}"
            raise Failed(f"bin/{name} {' '.join(words)} {ended}:\n{done.stdout}")
        return done.stdout

    def get(self, app: str, path: str) -> urllib3.BaseHTTPResponse:
        """Ask an app's public address once; return the answer, whatever it is."""
        return urllib3.request("GET", self.urls[app] + path, retries=False, timeout=10)

    def live(self, app: str) -> str:
        """Return the commit that an app's public address names."""
        return self.get(app, "/version").json()["commit"]

    def tags(self) -> list[str]:
        """Return the tags that the hub has of the site's image."""
        login = urllib3.make_headers(basic_auth=f"{HUB_USER}:{self.hub_password}")
        name = f"{HUB_USER}/oc-lettings"
        url = f"http://{self.hub.address}/v2/{name}/tags/list"
        return urllib3.request("GET", url, headers=login).json()["tags"]

    def digest(self, app: str, process: str = "web") -> str:
        """Return the image that an app's current release runs."""
        return self.heroku.store.app(app).current.images[process].rpartition("@")[2]

    def begin(self) -> None:
        """Release the remote's commit on both apps, with the sample data."""
        self.verb("image", "build")
        self.verb("image", "push")
        for app in (STAGING, PRODUCTION):
            self.verb("release", "heroku", app)
            for process in ("worker", "beat"):
                self.api("PATCH", f"/apps/{app}/formation/{process}", {"quantity": 1})
            self.manage(app, "load_sample")

    def manage(self, app: str, *words: str) -> None:
        """Run a command of manage.py on what an app runs on; raise Failed if it ends badly."""
        done = subprocess.run(
            [ROOT / ".venv/bin/python", "manage.py", *words],
            cwd=self.remote.clone,
            env={**os.environ, **self.services(app)},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Failed(f"manage.py {words[0]}: {done.stderr}")
