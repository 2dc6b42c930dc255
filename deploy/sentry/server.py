"""The calls of Sentry's API that we use, and those of Bugsink, which has an API of its own.

https://docs.sentry.io/api/releases/ and https://www.bugsink.com/docs/api/
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from ..commands import Call
from ..cli import Stop
from ..runner import Actor

TOKEN = "SENTRY_AUTH_TOKEN"
NEED_TOKEN = (
    TOKEN,
    "Sentry tells nobody of its issues without one.",
    "Make one as docs/delivery.md says, of an internal integration; then export it.",
)
NEED_PROJECT = (
    "SENTRY_PROJECT",
    "It says whose releases and issues are meant.",
    "export SENTRY_PROJECT=oc-lettings (its slug; Bugsink: the slug or the number)",
)


@dataclass(frozen=True)
class Server:
    """Which server, organization and project."""

    url: str = field(default_factory=lambda: os.environ.get("SENTRY_URL", "https://sentry.io"))
    organization: str = field(default_factory=lambda: os.environ.get("SENTRY_ORG", "$SENTRY_ORG"))
    project: str = field(
        default_factory=lambda: os.environ.get("SENTRY_PROJECT", "$SENTRY_PROJECT")
    )

    def is_bugsink(self, actor: Actor) -> bool:
        """Return whether this is Bugsink; Sentry answers 404 to Bugsink's address."""
        return actor.look(self._call("GET", "/api/canonical/0/projects/")).status == 200

    # Sentry

    def release(self, commit: str, brought: dict[str, Any]) -> Call:
        """Create the release with its ``commits`` or ``refs``; Sentry takes the same again."""
        body = {"version": commit, "projects": [self.project]} | brought
        return self._organization("POST", "/releases/", body)

    def repositories(self) -> Call:
        """Ask for the repositories that the organization knows, those of integrations too."""
        path = f"/api/0/organizations/{self.organization}/repos/"
        return self._call("GET", path, example=[])

    def show_project(self) -> Call:
        """Ask for the project."""
        return self._call("GET", f"/api/0/projects/{self.organization}/{self.project}/")

    def teams(self) -> Call:
        """Ask for the organization's teams."""
        path = f"/api/0/organizations/{self.organization}/teams/"
        return self._call("GET", path, example=[{"slug": "$TEAM"}])

    def create_project(self, team: str) -> Call:
        """Make the project, as a team's."""
        body = {"name": self.project, "slug": self.project, "platform": "python-django"}
        path = f"/api/0/teams/{self.organization}/{team}/projects/"
        return self._call("POST", path, body)

    def keys(self) -> Call:
        """Ask for the project's client keys, each with a DSN."""
        path = f"/api/0/projects/{self.organization}/{self.project}/keys/"
        return self._call("GET", path, example=[{"dsn": {"public": "$SENTRY_DSN"}}])

    def deployed(self, commit: str, environment: str, url: str) -> Call:
        """Mark that the release is live in an environment."""
        body = {"environment": environment} | ({"url": url} if url else {})
        return self._organization("POST", f"/releases/{quote(commit, safe='')}/deploys/", body)

    def issues(self, tag: str, value: str) -> Call:
        """Ask for the issues that have an event with this tag."""
        query = urlencode({"query": f"{tag}:{value}", "statsPeriod": "24h"})
        path = f"/api/0/projects/{self.organization}/{self.project}/issues/?{query}"
        return self._call("GET", path, example=[{"id": "$ISSUE"}])

    def latest_event(self, issue: str) -> Call:
        """Ask for an issue's newest event, with its tags."""
        path = f"/api/0/organizations/{self.organization}/issues/{issue}/events/latest/"
        return self._call("GET", path, example={"tags": []})

    # Bugsink

    def bugsink_projects(self) -> Call:
        """Ask for the projects, to know the number of ours."""
        return self._call("GET", "/api/canonical/0/projects/")

    def bugsink_release(self, project: int, commit: str) -> Call:
        """Create the release; Bugsink answers 400 if it has it."""
        body = {"project": project, "version": commit}
        return self._call("POST", "/api/canonical/0/releases/", body)

    def bugsink_issues(self, project: int) -> Call:
        """Ask for the issues, the one seen last first; Bugsink's API can't search by a tag."""
        query = urlencode({"project": project, "sort": "last_seen", "order": "desc"})
        return self._call("GET", f"/api/canonical/0/issues/?{query}")

    def bugsink_events(self, issue: str) -> Call:
        """Ask for the events of an issue, newest first."""
        query = urlencode({"issue": issue, "order": "desc"})
        return self._call("GET", f"/api/canonical/0/events/?{query}")

    def bugsink_event(self, event: str) -> Call:
        """Ask for an event with all that was sent."""
        return self._call("GET", f"/api/canonical/0/events/{event}/")

    def bugsink_number(self, actor: Actor) -> int:
        """Return the number of the project, which may be named by it or by its slug."""
        projects = actor.ask(self.bugsink_projects())["results"]
        for project in projects:
            if self.project in (str(project["id"]), project["slug"], project["name"]):
                return project["id"]
        names = ", ".join(project["slug"] for project in projects) or "none"
        raise Stop(
            f"{self.url} shows this token no project '{self.project}'; it shows: {names}\n"
            "  Set SENTRY_PROJECT to one of them, or make a token that sees it."
        )

    def _organization(self, method: str, path: str, body: dict[str, Any]) -> Call:
        return self._call(method, f"/api/0/organizations/{self.organization}{path}", body)

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, example: Any = None
    ) -> Call:
        missing = f"Check SENTRY_URL, SENTRY_ORG ({self.organization}) and SENTRY_PROJECT."
        url = self.url.rstrip("/") + path
        return Call(method, url, body, token=TOKEN, example=example, missing=missing)
