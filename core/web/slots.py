"""Places in a page that an app leaves open for the apps above it.

A letting's page has a place for what leads to its host, and knows nothing of enquiries; enquiries
fill it. An app names its slots in its templates and views; whoever fills one does so when the
apps are ready (``AppConfig.ready``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string


@dataclass(frozen=True)
class Part:
    """What fills a slot: a template, its context, and which page of a list it shows."""

    template: str
    context: dict[str, Any]
    page: int = 1

    def render(self, request: HttpRequest) -> str:
        """Return the part as HTML."""
        return render_to_string(self.template, self.context, request)


Filler = Callable[[HttpRequest, Any], Part]

_fillers: dict[str, list[Filler]] = defaultdict(list)


def fill(slot: str, filler: Filler) -> None:
    """Let ``filler`` make a part of every page that has the slot; twice is once."""
    if filler not in _fillers[slot]:
        _fillers[slot].append(filler)


def parts(slot: str, request: HttpRequest, subject: Any) -> list[Part]:
    """Return the parts for a slot of a page about ``subject`` (a profile, a letting)."""
    return [filler(request, subject) for filler in _fillers[slot]]
