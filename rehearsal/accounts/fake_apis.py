"""Fakes of three APIs on one port: the operations that set up a new project.

A body that their documentation does not allow is refused, and so is a wrong secret.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema

Json = Any
ROUTES: list[tuple[str, re.Pattern[str], Callable[..., tuple[int, Json]], Json]] = []
ORGANIZATION = "22222222-0000-4000-8000-000000000001"
TEXT = {"type": "string", "minLength": 1}
PAGE = 2


def shape(required: str, **optional: Json) -> Json:
    """Return the schema of a body with these texts, and nothing that is not named."""
    names = required.split()
    known = {name: TEXT for name in names} | optional
    return {"required": names, "properties": known, "additionalProperties": False}


def route(method: str, path: str, body: Json = None) -> Callable:
    """Register an endpoint, and what its body has to look like."""
    pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))

    def register(function: Callable) -> Callable:
        ROUTES.append((method, pattern, function, body))
        return function

    return register


@dataclass
class FakeApis:
    """The state of the three services, their secrets, and every change (``sent``)."""

    secrets: dict[str, str]
    contexts: dict[str, dict[str, Json]] = field(default_factory=dict)
    repositories: dict[tuple[str, str], Json] = field(default_factory=dict)
    projects: dict[str, Json] = field(default_factory=dict)
    teams: list[str] = field(default_factory=lambda: ["acme"])
    linked: list[Json] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)


# CircleCI: https://circleci.com/docs/api/v2/


@route("GET", "/api/v2/me/collaborations")
def collaborations(fakes: FakeApis, query: Json, body: Json) -> tuple[int, Json]:
    """List the organizations of the token's owner."""
    names = ("you", "another")
    return 200, [
        {
            "id": ORGANIZATION if name == "you" else str(uuid.uuid4()),
            "vcs_type": "github",
            "slug": f"gh/{name}",
            "name": name,
            "avatar_url": "",
        }
        for name in names
    ]


@route("GET", "/api/v2/context")
def contexts(fakes: FakeApis, query: Json, body: Json) -> tuple[int, Json]:
    """List an organization's contexts, a page at a time."""
    if query.get("owner-id") != [ORGANIZATION]:
        return 404, {"message": "Owner not found"}
    listed = [{"id": i, "name": c["name"]} for i, c in fakes.contexts.items()]
    start = int((query.get("page-token") or ["0"])[0])
    more = str(start + PAGE) if len(listed) > start + PAGE else None
    return 200, {"items": listed[start : start + PAGE], "next_page_token": more}


@route(
    "POST",
    "/api/v2/context",
    shape("name owner", owner=shape("id type", type={"enum": ["organization"]})),
)
def create_context(fakes: FakeApis, query: Json, body: Json) -> tuple[int, Json]:
    """Make a context."""
    made = {"name": body["name"], "variables": {}, "restrictions": []}
    key = str(uuid.uuid4())
    fakes.contexts[key] = made
    return 200, {"id": key, "name": body["name"], "created_at": "2026-12-01T12:00:00Z"}


@route("GET", "/api/v2/context/{context}/environment-variable")
def variables(fakes: FakeApis, query: Json, body: Json, context: str) -> tuple[int, Json]:
    """List the names of a context's variables; no value ever leaves it."""
    names = fakes.contexts[context]["variables"]
    items = [{"variable": name, "context_id": context} for name in names]
    return 200, {"items": items, "next_page_token": None}


@route("PUT", "/api/v2/context/{context}/environment-variable/{name}", shape("value"))
def set_variable(
    fakes: FakeApis, query: Json, body: Json, context: str, name: str
) -> tuple[int, Json]:
    """Set a variable."""
    fakes.contexts[context]["variables"][name] = body["value"]
    return 200, {"variable": name, "context_id": context}


@route("GET", "/api/v2/context/{context}/restrictions")
def restrictions(fakes: FakeApis, query: Json, body: Json, context: str) -> tuple[int, Json]:
    """List what a context is restricted to."""
    return 200, {"items": fakes.contexts[context]["restrictions"], "next_page_token": None}


@route(
    "POST",
    "/api/v2/context/{context}/restrictions",
    shape(
        "restriction_type restriction_value",
        restriction_type={"enum": ["project", "expression", "group"]},
    ),
)
def restrict(fakes: FakeApis, query: Json, body: Json, context: str) -> tuple[int, Json]:
    """Restrict a context."""
    made = body | {"id": str(uuid.uuid4()), "context_id": context}
    fakes.contexts[context]["restrictions"].append(made)
    return 201, made


# Docker Hub: https://docs.docker.com/reference/api/hub/latest/


@route("POST", "/v2/auth/token", shape("identifier secret"))
def log_in(fakes: FakeApis, query: Json, body: Json) -> tuple[int, Json]:
    """Exchange a token of a person's for one of the interface."""
    if body != {"identifier": "you", "secret": fakes.secrets["DOCKERHUB_TOKEN"]}:
        return 401, {"detail": "Incorrect authentication credentials"}
    return 200, {"access_token": fakes.secrets["session"]}


@route("GET", "/v2/namespaces/{namespace}/repositories/{name}")
def repository(
    fakes: FakeApis, query: Json, body: Json, namespace: str, name: str
) -> tuple[int, Json]:
    """Show a repository."""
    found = fakes.repositories.get((namespace, name))
    return (200, found) if found else (404, {"message": "object not found"})


@route(
    "POST",
    "/v2/namespaces/{namespace}/repositories",
    shape(
        "name namespace",
        is_private={"type": "boolean"},
        description={"type": "string"},
        full_description={"type": "string"},
        registry={"type": "string"},
    ),
)
def create_repository(
    fakes: FakeApis, query: Json, body: Json, namespace: str
) -> tuple[int, Json]:
    """Make a repository."""
    if "repository" in fakes.refuses:
        return 403, {"message": "insufficient scope"}
    fakes.repositories[namespace, body["name"]] = body
    return 201, body


# Sentry: https://docs.sentry.io/api/projects/


@route("GET", "/api/0/organizations/acme/teams/")
def teams(fakes: FakeApis, query: Json, body: Json) -> tuple[int, Json]:
    """List the teams."""
    return 200, [{"slug": team, "name": team} for team in fakes.teams]


@route("GET", "/api/0/organizations/acme/repos/")
def repos(fakes: FakeApis, query: Json, body: Json) -> tuple[int, Json]:
    """List the repositories that an integration reads."""
    return 200, fakes.linked


@route("GET", "/api/0/projects/acme/{project}/")
def project(fakes: FakeApis, query: Json, body: Json, project: str) -> tuple[int, Json]:
    """Show a project."""
    found = fakes.projects.get(project)
    return (200, found) if found else (404, {"detail": "The requested resource does not exist"})


@route(
    "POST",
    "/api/0/teams/acme/{team}/projects/",
    shape("name", slug=TEXT, platform=TEXT, default_rules={"type": "boolean"}),
)
def create_project(fakes: FakeApis, query: Json, body: Json, team: str) -> tuple[int, Json]:
    """Make a project, with its first client key."""
    if "project" in fakes.refuses:
        return 403, {"detail": "You do not have permission to perform this action."}
    fakes.projects[body["slug"]] = body | {"team": team}
    return 201, fakes.projects[body["slug"]]


@route("GET", "/api/0/projects/acme/{project}/keys/")
def keys(fakes: FakeApis, query: Json, body: Json, project: str) -> tuple[int, Json]:
    """List a project's client keys."""
    off = {"isActive": False, "dsn": {"public": "https://off@sentry.example/1"}}
    return 200, [off, {"isActive": True, "dsn": {"public": fakes.secrets["SENTRY_DSN"]}}]


class Handler(BaseHTTPRequestHandler):
    """One request to one of the three."""

    server: Server

    def log_message(self, *args: Any) -> None:
        """Write no access log."""

    def do_GET(self) -> None:
        """Answer by the first route that fits."""
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        status, shown = self._answer(body)
        data = json.dumps(shown).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_PUT = do_GET

    def _answer(self, body: Json) -> tuple[int, Json]:
        path, fakes = urlsplit(self.path).path, self.server.fakes
        if not self._known(path):
            return 401, {"message": "You must log in first."}
        for method, pattern, function, schema in ROUTES:
            found = pattern.fullmatch(path)
            if found and method == self.command:
                try:
                    jsonschema.validate(body, schema or {"type": "null"})
                except jsonschema.ValidationError as error:
                    return 400, {"message": error.message}
                if method != "GET" and "/auth/" not in path:
                    fakes.sent.append(f"{method} {path}")
                query = parse_qs(urlsplit(self.path).query)
                return function(fakes, query, body, **found.groupdict())
        return 404, {"message": f"{self.command} {path} is not there"}

    def _known(self, path: str) -> bool:
        secrets, bearer = self.server.fakes.secrets, self.headers.get("Authorization")
        if path.startswith("/api/v2/"):
            return self.headers.get("Circle-Token") == secrets["CIRCLECI_TOKEN"]
        if path.startswith("/api/0/"):
            return bearer == f"Bearer {secrets['SENTRY_AUTH_TOKEN']}"
        return path == "/v2/auth/token" or bearer == f"Bearer {secrets['session']}"


class Server(ThreadingHTTPServer):
    """The socket of all three; use it as a context manager."""

    daemon_threads = True

    def __init__(self, fakes: FakeApis) -> None:
        self.fakes = fakes
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Server:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()
