"""Types of the API's values: https://json-schema.org/understanding-json-schema/reference"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django import forms
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
    StepValueValidator,
)
from django.db import models
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from .validation import DATE, NUMBER, WHOLE_NUMBER

STRICT = ConfigDict(strict=True, extra="forbid")  # for what a client sends
# https://docs.pydantic.dev/latest/concepts/fields/#numeric-constraints
LIMITS = {
    MinValueValidator: "ge",
    MaxValueValidator: "le",
    StepValueValidator: "multiple_of",
    MaxLengthValidator: "max_length",
}
MONEY = r"^[0-9]{1,6}(\.[0-9]{1,2})?$"


def _matching(pattern: str, make: Callable[[str], Any], words: Any) -> BeforeValidator:
    """Return a validator that refuses texts that only Python accepts as numbers: 1_000, ٣, NaN."""

    def check(value: Any) -> Any:
        try:
            if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII):
                return make(value)
        except ValueError:  # such as the 31st of June
            pass
        # Translated when it is shown, into the client's language.
        raise PydanticCustomError("unreadable", "{words}", {"words": str(words)})

    return BeforeValidator(check)


Money = Annotated[
    Decimal,
    _matching(MONEY, Decimal, NUMBER),
    WithJsonSchema({"type": "string", "pattern": MONEY}),
]
# A whole number in a query string, where everything is text.
Whole = Annotated[int, _matching("[0-9]{1,9}", int, WHOLE_NUMBER)]
# Any number there, and a decimal column's value in an answer.
Number = Annotated[float, _matching(r"[0-9]{1,9}(\.[0-9]{1,9})?", float, NUMBER)]
NumberOut = Annotated[float, PlainSerializer(float, return_type=float)]
Day = Annotated[
    date,
    _matching("[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat, DATE),
    WithJsonSchema({"type": "string", "format": "date"}),
]
# The form of user names in our URLs; the database knows whether one exists.
Username = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": "^[^/\u0000-\u001f]{1,150}$"})
]


def optional(description: str, **limits: Any) -> Any:
    """Return an optional field whose schema has neither null nor a default."""
    return Field(None, description=description, json_schema_extra=_without_default, **limits)


def limits(field: models.Field | forms.Field) -> dict[str, Any]:
    """Return the limits of a column or of a form's field, as pydantic's ``Field`` takes them.

    >>> limits(forms.IntegerField(min_value=1, max_value=9))
    {'le': 9, 'ge': 1}
    """
    found = {LIMITS.get(type(check)): check for check in field.validators}
    return {name: _json(check.limit_value) for name, check in found.items() if name}


def _json(limit: int | float | Decimal) -> int | float:
    return float(limit) if isinstance(limit, Decimal) else limit


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class Price(Schema):
    """An amount of money."""

    amount: Decimal = Field(description="In units of the currency.", examples=["120.00"])
    currency: str = Field(description="ISO 4217.", examples=["USD"])
