"""How the API finds its endpoints: https://devcenter.heroku.com/articles/platform-api-reference"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .formation import Formation
from .images import Images
from .rendezvous import Rendezvous
from .router import Router
from .store import App, Refused, Store

Json = Any
ROUTES: list[tuple[str, re.Pattern[str], Callable[..., Json]]] = []


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
        """Return status and body for a request; raise Refused."""
        for wanted, pattern, function in ROUTES:
            found = pattern.fullmatch(path)
            if found and method == wanted:
                with self.store.lock:
                    shown = function(self, body or {}, accept, **found.groupdict())
                return (201 if method == "POST" else 200), shown
        raise Refused(404, "not_found", "The requested API endpoint was not found.")
