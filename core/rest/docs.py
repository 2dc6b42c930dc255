"""Turn the OpenAPI description into what the template of the API's page shows.

Why not the pages that django-ninja ships (https://django-ninja.dev/guides/api-docs/): both were
tried in Chromium under this site's policy, which allows nothing inline. Redoc sets inline styles
and ends in an error. Swagger UI runs without two icons (``data:`` images), but in an open
operation axe finds lists and buttons without names, and its files make the image 8 MB larger.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter: where it goes, and which values it accepts."""

    name: str
    place: str
    required: bool
    description: str
    kind: str
    example: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """One status of an answer, and an example of its body ("" for none)."""

    status: str
    description: str
    example: str


@dataclass(frozen=True)
class Operation:
    """One operation, as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: list[Parameter]
    body_type: str
    body: str
    files: list[str]
    answers: list[Answer]
    errors: list[Answer]


def groups(schema: Schema) -> dict[str, list[Operation]]:
    """Return the operations grouped by their first tag, in the order of the description."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            operation = _operation(method, path, told, schema)
            found.setdefault(told["tags"][0], []).append(operation)
    return found


def example(shape: Schema, schema: Schema) -> Any:
    """Return an example of a JSON schema: its own first one, or one built from its parts."""
    shape = _resolved(shape, schema)
    if "examples" in shape:
        return shape["examples"][0]
    if "default" in shape:
        return shape["default"]
    if "enum" in shape:
        return shape["enum"][0]
    kind = shape.get("type")
    if kind == "object":
        parts = shape.get("properties", {})
        return {name: example(part, schema) for name, part in parts.items()}
    if kind == "array":
        return [example(shape.get("items", {}), schema)]
    known = {"date": "2027-07-01", "date-time": "2026-11-21T09:30:00Z", "uri": "https://…"}
    return known.get(shape.get("format"), {"integer": 1, "boolean": True}.get(kind, "…"))


def _operation(method: str, path: str, told: Schema, schema: Schema) -> Operation:
    body_type, shape = _body(told)
    parts = _resolved(shape, schema).get("properties", {})
    answers = [_answer(status, each, schema) for status, each in told["responses"].items()]
    scopes = [
        scope for each in told.get("security", []) for names in each.values() for scope in names
    ]
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        description=told["description"],
        scope=" ".join(scopes),
        parameters=[_parameter(each, schema) for each in told["parameters"]],
        body_type=body_type,
        body=_pretty(example(shape, schema)) if body_type == "application/json" else "",
        files=list(parts) if body_type == "multipart/form-data" else [],
        answers=[answer for answer in answers if answer.status < "400"],
        errors=[answer for answer in answers if answer.status >= "400"],
    )


def _body(told: Schema) -> tuple[str, Schema]:
    for content_type, content in told.get("requestBody", {}).get("content", {}).items():
        return content_type, content["schema"]
    return "", {}


def _parameter(told: Schema, schema: Schema) -> Parameter:
    shape = _resolved(told["schema"], schema)
    shown = shape.get("examples", [""])[0]
    return Parameter(
        name=told["name"],
        place=told["in"],
        required=told["required"],
        description=told.get("description", ""),
        kind=shape.get("type", "string"),
        example=str(shown),
        choices=[str(each) for each in shape.get("enum", [])],
    )


def _answer(status: int | str, told: Schema, schema: Schema) -> Answer:
    content = told.get("content", {}).get("application/json")
    shown = _pretty(example(content["schema"], schema)) if content else ""
    return Answer(str(status), told["description"], shown)


def _resolved(shape: Schema, schema: Schema) -> Schema:
    """Return the schema that a reference names; of "this or null", return this."""
    if "allOf" in shape:
        shape = shape["allOf"][0]
    if "anyOf" in shape:
        chosen = next(each for each in shape["anyOf"] if each.get("type") != "null")
        shape = {**chosen, **{name: shape[name] for name in ("examples",) if name in shape}}
    if "$ref" in shape:
        return schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    return shape


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
