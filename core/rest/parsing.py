"""Check and parse the body of a request."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.decorators import decorate_view
from ninja.parser import Parser

from .problems import Problem

JSON = "application/json"
MULTIPART = "multipart/form-data"


class JsonParser(Parser):
    """Parse a body of JSON; raise Problem 413, 415 or 400."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the parsed body."""
        require_type(request, JSON)
        try:
            return json.loads(
                request.body, parse_constant=_no_number, object_pairs_hook=_of_some_names
            )
        except (ValueError, RecursionError) as error:
            raise Problem(400, "The body is not valid JSON: %s." % error) from error


def require_type(request: HttpRequest, wanted: str) -> None:
    """Raise Problem 415 unless the body has this type, or there is no body."""
    if request.content_type != wanted and int(request.META.get("CONTENT_LENGTH") or 0):
        found = request.content_type or "nothing"
        detail = "The body must be %(wanted)s; Content-Type says %(found)s."
        # RFC 9110, section 15.5.16; RFC 5789, section 2.2
        accept = {f"Accept-{request.method.title()}": wanted}
        raise Problem(415, detail % {"wanted": wanted, "found": found}, headers=accept)


def multipart(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark an operation that accepts files: any other type of body gets 415."""

    def decorator(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(run)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require_type(request, MULTIPART)
            return run(request, *args, **kwargs)

        return checked

    return decorate_view(decorator)(view)


def _of_some_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of no more names than a form may have: each unknown one is told of.

    Its texts end their lines in LF, before anything counts their characters: so does a browser.
    https://html.spec.whatwg.org/multipage/form-elements.html#concept-textarea-api-value
    """
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    if len(pairs) > most:
        raise ValueError(f"an object has {len(pairs)} names, and may have {most}")
    return {name: _with_lf(value) if isinstance(value, str) else value for name, value in pairs}


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
