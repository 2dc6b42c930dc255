"""Accept an edit only if the client has seen the current state: RFC 9110, section 13.1.1."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header
from pydantic import BaseModel

from .problems import Problem

IfMatch = Annotated[
    str,
    Header(
        None,
        alias="If-Match",
        description="The ETag of the answer that you edit: what changed since is not overwritten.",
    ),
]


def etag(shown: BaseModel) -> str:
    """Return the ETag of an answer's content."""
    return f'"{hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:32]}"'


def require_match(request: HttpRequest, shown: BaseModel) -> None:
    """Raise Problem 428 without If-Match, and 412 if it names another state.

    Call it before writing, while holding the row's lock.
    """
    asked = request.headers.get("If-Match")
    if asked is None:
        raise Problem(428, "Send If-Match with the ETag of what you have seen, or with *.")
    names = [each.strip() for each in asked.split(",")]
    if "*" not in names and etag(shown) not in names:
        raise Problem(412, "This was changed since you saw it. Get it again, then edit that.")


def with_etag(response: Any, shown: BaseModel) -> Any:
    """Set the ETag of the answer; return its content."""
    response["ETag"] = etag(shown)
    return shown
