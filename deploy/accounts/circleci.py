"""CircleCI: a context for each service, closed to every branch but main, with its variables.

https://circleci.com/docs/api/v2/ (Context) and https://circleci.com/docs/guides/security/contexts/
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ..commands import Call, Secret
from ..cli import Stop
from ..runner import Actor
from .record import Record

TOKEN = "CIRCLECI_TOKEN"
ORGANIZATION = "CIRCLECI_ORGANIZATION"
# Of the workflow: .circleci/config.yml gives each job the contexts that it needs.
CONTEXTS = {
    "docker-hub": ("DOCKERHUB_USERNAME", "DOCKERHUB_TOKEN", "IMAGE_REPOSITORY"),
    "heroku": ("HEROKU_API_KEY",),
    "sentry": ("SENTRY_AUTH_TOKEN", "SENTRY_ORG", "SENTRY_PROJECT", "SENTRY_URL"),
}
OPTIONAL = {"SENTRY_URL"}
# Whoever may push a branch may write its YAML, and ask there for any context.
ONLY_MAIN = {
    "restriction_type": "expression",
    "restriction_value": 'pipeline.git.branch == "main"',
}
EMPTY = {"items": [], "next_page_token": None}


@dataclass(frozen=True)
class CircleCI:
    """The calls that we use; ``CIRCLECI_URL`` can name another server."""

    url: str = field(
        default_factory=lambda: os.environ.get("CIRCLECI_URL", "https://circleci.com")
    )

    def organizations(self) -> Call:
        """Return the call for the organizations of the token's owner."""
        example = [{"id": "$ORGANIZATION_ID", "slug": "gh/you", "name": "you"}]
        return self._call("GET", "/me/collaborations", example=example)

    def contexts(self, organization: str, page: str = "") -> Call:
        """Return the call for an organization's contexts."""
        return self._page("/context", page, {"owner-id": organization})

    def create(self, organization: str, name: str) -> Call:
        """Return the call that creates a context."""
        body = {"name": name, "owner": {"id": organization, "type": "organization"}}
        return self._call("POST", "/context", body, example={"id": f"$ID_OF_{name}", "name": name})

    def restrictions(self, context: str, page: str = "") -> Call:
        """Return the call for a context's restrictions."""
        return self._page(f"/context/{context}/restrictions", page)

    def restrict(self, context: str) -> Call:
        """Return the call that restricts a context to main."""
        return self._call("POST", f"/context/{context}/restrictions", dict(ONLY_MAIN))

    def variables(self, context: str, page: str = "") -> Call:
        """Return the call for the names of a context's variables; values are never shown."""
        return self._page(f"/context/{context}/environment-variable", page)

    def set_variable(self, context: str, name: str) -> Call:
        """Return the call that sets a variable to its value in our environment."""
        path = f"/context/{context}/environment-variable/{name}"
        return self._call("PUT", path, {"value": Secret(name)})

    def _page(self, path: str, page: str, query: dict[str, str] | None = None) -> Call:
        query = (query or {}) | ({"page-token": page} if page else {})
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path, example=EMPTY)

    def _call(self, method: str, path: str, body: Any = None, example: Any = None) -> Call:
        url = f"{self.url.rstrip('/')}/api/v2{path}"
        return Call(method, url, body, {"Circle-Token": Secret(TOKEN)}, example=example)


def organization(actor: Actor, circleci: CircleCI, owner: str) -> dict[str, Any]:
    """Return the organization that is named, or the only one called as GitHub's owner."""
    listed = actor.ask(circleci.organizations())
    if actor.dry:
        return listed[0]
    asked = os.environ.get(ORGANIZATION, "")
    keys = ("id", "slug", "name") if asked else ("name",)
    fits = [one for one in listed if (asked or owner) in [one.get(key) for key in keys]]
    if len(fits) == 1:
        return fits[0]
    known = "\n".join(f"    {one.get('slug')}  ({one['name']})" for one in listed) or "    none"
    raise Stop(
        f"{len(fits)} organizations are called '{asked or owner}' at CircleCI, of those that this"
        f" token sees:\n{known}\n"
        f"  Choose one of the first column: export {ORGANIZATION}=gh/you\n"
        "  If yours is missing, sign in there with GitHub once."
    )


def pages(actor: Actor, ask: Any, *arguments: str) -> list[dict[str, Any]]:
    """Return the items of every page of a list."""
    items, page = [], ""
    while True:
        answer = actor.ask(ask(*arguments, page))
        items += answer["items"]
        page = answer.get("next_page_token") or ""
        if not page:
            return items


def set_up(actor: Actor, circleci: CircleCI, owner: str, record: Record) -> None:
    """Create the contexts; restrict each before it holds a secret."""
    owned = organization(actor, circleci, owner)
    known = {one["name"]: one["id"] for one in pages(actor, circleci.contexts, owned["id"])}
    for name, variables in CONTEXTS.items():
        if name in known:
            record.there(f"CircleCI: context {name} of {owned['slug']}")
        else:
            known[name] = actor.ask(circleci.create(owned["id"], name))["id"]
            record.made(f"CircleCI: context {name} of {owned['slug']}")
        restrict(actor, circleci, name, known[name], record)
        fill(actor, circleci, name, known[name], variables, record)


def restrict(actor: Actor, circleci: CircleCI, name: str, context: str, record: Record) -> None:
    """Restrict the context to pipelines of main."""
    for one in pages(actor, circleci.restrictions, context):
        if ONLY_MAIN.items() <= one.items():
            record.there(f"CircleCI: {name} is for main alone")
            return
    actor.ask(circleci.restrict(context))
    record.made(f"CircleCI: {name} is for main alone")


def fill(
    actor: Actor,
    circleci: CircleCI,
    name: str,
    context: str,
    variables: tuple[str, ...],
    record: Record,
) -> None:
    """Set the missing variables; existing values can't be read, and so not compared."""
    known = {one["variable"] for one in pages(actor, circleci.variables, context)}
    for variable in variables:
        if variable in known:
            record.there(f"CircleCI: {variable} in {name} (to change it, delete it there)")
        elif os.environ.get(variable) or (actor.dry and variable not in OPTIONAL):
            actor.ask(circleci.set_variable(context, variable))
            record.made(f"CircleCI: {variable} in {name}")
