"""The API with its description: https://spec.openapis.org/oas/v3.1.0"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from .auth import Token
from .parsing import JsonParser
from .problems import CONTENT_TYPE, Problem
from .validation import refused

PROBLEM = {
    "title": "Problem",
    "description": "Problem details, RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": [HTTPStatus(422).phrase]},
        "status": {"type": "integer", "examples": [422]},
        "detail": {"type": "string", "description": "What was found, and what to do about it."},
        "errors": {
            "type": "array",
            "description": "What is wrong with each field.",
            "items": {
                "type": "object",
                "required": ["in", "name", "detail"],
                "properties": {
                    "in": {"type": "string", "examples": ["query"]},
                    "name": {"type": "string", "examples": ["sleeps"]},
                    "detail": {"type": "string", "examples": ["Enter a whole number."]},
                },
            },
        },
        "reference": {"type": "string", "description": "Names the report of a fault of ours."},
    },
}
RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds to wait.",
        "required": True,
        "schema": {"type": "string"},
    }
}
HEADERS = {
    429: RETRY_AFTER,
    503: RETRY_AFTER,
    507: RETRY_AFTER,
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
}


IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "A text of your own, new for each request: sent twice, it is done once.",
    "schema": {
        "type": "string",
        "pattern": "^[!-~]{1,255}$",
        "examples": ["8e03978e-40d5-43dd-bc93-6894a57f9324"],
    },
}


class Renderer(JSONRenderer):
    """Render JSON in UTF-8 (RFC 8259), without needless escapes."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """ninja's API, with problem details for every error, and a description of each answer."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            openapi_url=None,
            docs_url=None,
            parser=JsonParser(),
            renderer=Renderer(),
            urls_namespace="api",
            **options,
        )
        self.add_exception_handler(Exception, _leave_it_to_django)
        self.add_exception_handler(Problem, lambda request, problem: problem.response())
        self.add_exception_handler(Http404, lambda request, fault: Problem(404).response())
        self.add_exception_handler(
            RequestDataTooBig, lambda request, fault: Problem(413).response()
        )
        self.add_exception_handler(HttpError, _http_error)
        self.add_exception_handler(
            ValidationError, lambda request, fault: refused(fault.errors).response()
        )

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the function's name as the operation's id."""
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description, with the scope, keys and errors of each operation."""
        if path_prefix is None:
            path_prefix = self.get_root_path(path_params or {})
        return Description(self, path_prefix)


class Description(OpenAPISchema):
    """ninja's OpenAPI schema, with the additions of our layers to every operation."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """Describe an operation."""
        details = super().operation_details(operation)
        if "POST" in operation.methods and operation.auth_callbacks:
            details["parameters"].append(IDEMPOTENCY_KEY)
        for parameter in details["parameters"]:
            # Without it the answer is 428 and to nonsense 412, never 422: ninja must not check it.
            if parameter["name"] == "If-Match":
                parameter["required"] = True
        for status in errors_of(details, changes="GET" not in operation.methods):
            details["responses"].setdefault(status, described(status))
        return details

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """Return the scope that a token needs."""
        told = super().operation_security(operation)
        scopes = [auth.scope for auth in operation.auth_callbacks if isinstance(auth, Token)]
        return [{Token.__name__: scopes}] if scopes else told

    def get_components(self) -> dict[str, Any]:
        """Return the shared components, with the errors."""
        self.schemas["Problem"] = PROBLEM
        return super().get_components()


def errors_of(operation: dict[str, Any], *, changes: bool) -> list[int]:
    """Return the errors that an operation may answer, by its input and whether it writes."""
    taken = {(each["in"], each["name"]) for each in operation["parameters"]}
    places = {place for place, _ in taken}
    statuses = {400, 429, 500, 503}
    if "path" in places or ("query", "cursor") in taken:
        statuses |= {404}
    if "query" in places:
        statuses |= {422}
    if "security" in operation:
        statuses |= {401, 403}
    if changes:
        statuses |= {409, 507}
    if "requestBody" in operation:
        statuses |= {413, 415, 422}
    if ("header", "If-Match") in taken:
        statuses |= {412, 428}
    if ("header", "Idempotency-Key") in taken:
        statuses |= {413, 422}
    return sorted(statuses)


def described(status: int) -> dict[str, Any]:
    """Return the description of an error."""
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told = {"description": HTTPStatus(status).phrase, "content": content}
    return {**told, "headers": HEADERS[status]} if status in HEADERS else told


def _leave_it_to_django(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Raise the error again: the rest of the stack logs, reports and answers it, as for a page."""
    raise fault


def _http_error(request: HttpRequest, fault: HttpError) -> HttpResponse:
    if isinstance(fault.__cause__, Problem):
        return fault.__cause__.response()
    return Problem(fault.status_code, fault.message).response()
