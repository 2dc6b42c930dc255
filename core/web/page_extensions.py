"""Page extensions: apps add parts to pages of apps that don't import them.

A letting's page has the place "letting.host" for contacting its host. It does not import
enquiries: enquiries adds a part to that place. An app names such places in its templates and
views. Other apps extend them when the apps are ready (``AppConfig.ready``).

A list is annotated in the same way: profiles shows who lets, and lettings says who does, in the
query that finds the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.template.loader import render_to_string


@dataclass(frozen=True)
class Part:
    """A part of a page: a template, its context, and the number of the page in a list."""

    template: str
    context: dict[str, Any]
    page: int = 1

    def render(self, request: HttpRequest) -> str:
        """Return the part as HTML."""
        return render_to_string(self.template, self.context, request)


Extension = Callable[[HttpRequest, Any], Part]

_extensions: dict[str, list[Extension]] = defaultdict(list)
_annotations: dict[str, dict[str, Callable[[], Combinable]]] = defaultdict(dict)


def extend(place: str, extension: Extension) -> None:
    """Register a function that returns a part for the place; a second time has no effect."""
    if extension not in _extensions[place]:
        _extensions[place].append(extension)


def parts(place: str, request: HttpRequest, subject: Any) -> list[Part]:
    """Return the parts for a place in a page about ``subject`` (a profile, a letting)."""
    return [extension(request, subject) for extension in _extensions[place]]


def annotate(place: str, **expressions: Callable[[], Combinable]) -> None:
    """Register functions that return expressions, by the attribute of the list's rows."""
    _annotations[place].update(expressions)


def annotations(place: str) -> dict[str, Combinable]:
    """Return the annotations for the rows of a list: for a new query each time."""
    return {name: expression() for name, expression in _annotations[place].items()}
