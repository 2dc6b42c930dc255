"""Errors of the API as problem details: https://www.rfc-editor.org/rfc/rfc9457"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import is_valid_path

from ..observability.request_log import request_id
from ..web.errors import report_id

PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"
DETAILS = {
    400: "The request could not be read. Look at its address, headers and body.",
    401: "Send a token of your own: Authorization: Bearer ocl_…",
    403: "This is not open to you.",
    404: "There is nothing at this address, or nothing that you may see.",
    405: "Nothing here answers to this method; the Allow header lists those that work.",
    412: "It was changed since you saw it, or If-Match names something else; get it again.",
    413: "That is more than we take at once; send less, or a smaller picture.",
    415: "Texts are read in UTF-8 alone. Say no charset in Content-Type, or charset=utf-8.",
    429: "That was too often. Wait as many seconds as Retry-After says.",
    500: "Something broke on our side; it is not your doing. Please try again in a moment.",
    503: "This can't be done just now; it is not your doing. Nothing is wrong with what you sent:"
    " send it again after as many seconds as Retry-After says.",
    507: "There is no room to keep this just now; it is not your doing. Nothing is wrong with what"
    " you sent: send it again later.",
}


class Problem(Exception):
    """An error to answer, as an exception.

    status: of HTTP; detail: what was found and what to do about it ("" for the default text);
    errors: what is wrong with each field; headers: further headers of the answer.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail)
        self.status, self.detail = status, detail
        self.errors, self.headers = errors or [], headers or {}

    def response(self) -> HttpResponse:
        """Return the answer."""
        content = body(self.status, self.detail, self.errors)
        response = HttpResponse(content, status=self.status, content_type=CONTENT_TYPE)
        response["Cache-Control"] = "no-store"
        for name, value in self.headers.items():
            response[name] = value
        return response


def body(status: int, detail: str = "", errors: list[dict[str, str]] | None = None) -> str:
    """Return the JSON. For a 5xx it has the report's id, which the client can quote to us."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail or DETAILS.get(status, "")),
    }
    if errors:
        told["errors"] = errors
    if status >= 500:
        told["reference"] = report_id() or request_id()
    return json.dumps(told, ensure_ascii=False)


def turn_into_problem(request: HttpRequest, response: HttpResponse) -> None:
    """Replace an error's body by problem details. Headers of inner layers (Allow, ...) stay."""
    response.content = body(response.status_code, _detail(request, response)).encode()
    response["Content-Type"] = CONTENT_TYPE
    response["Content-Length"] = str(len(response.content))
    response["Cache-Control"] = "no-store"


def _detail(request: HttpRequest, response: HttpResponse) -> str:
    """Return what else there is to say: addresses of the API have no slash at their end."""
    bare = request.path_info.rstrip("/")
    if response.status_code != 404 or bare == request.path_info or not is_valid_path(bare):
        return ""
    return f"There is nothing at this address; there is at {bare}, without the slash at its end."
