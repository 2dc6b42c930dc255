"""Slots: places in a page where other apps can add parts.

A letting's page has a slot for contacting its host, and does not import enquiries; enquiries fills
the slot. An app names its slots in templates and views. Other apps fill them when the apps are
ready (``AppConfig.ready``).
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
    """A part for a slot: a template, its context, and the number of the page in a list."""

    template: str
    context: dict[str, Any]
    page: int = 1

    def render(self, request: HttpRequest) -> str:
        """Return the part as HTML."""
        return render_to_string(self.template, self.context, request)


Filler = Callable[[HttpRequest, Any], Part]

_fillers: dict[str, list[Filler]] = defaultdict(list)


def fill(slot: str, filler: Filler) -> None:
    """Register a function that makes a part for the slot; registering it twice has no effect."""
    if filler not in _fillers[slot]:
        _fillers[slot].append(filler)


def parts(slot: str, request: HttpRequest, subject: Any) -> list[Part]:
    """Return the parts for a slot of a page about ``subject`` (a profile, a letting)."""
    return [filler(request, subject) for filler in _fillers[slot]]
