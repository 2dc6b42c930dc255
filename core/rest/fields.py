"""Values as the API spells them: https://json-schema.org/understanding-json-schema/reference"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from .words import DATE, NUMBER, WHOLE_NUMBER

MONEY = r"^[0-9]{1,6}(\.[0-9]{1,2})?$"


def _matching(pattern: str, make: Callable[[str], Any], words: Any) -> BeforeValidator:
    """Refuse a text that only Python would take for a number: 1_000, ٣, NaN."""

    def check(value: Any) -> Any:
        try:
            if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII):
                return make(value)
        except ValueError:  # the 31st of June
            pass
        # Translated when it is said, by the language of who asks.
        raise PydanticCustomError("unreadable", "{words}", {"words": str(words)})

    return BeforeValidator(check)


Money = Annotated[
    Decimal,
    _matching(MONEY, Decimal, NUMBER),
    WithJsonSchema({"type": "string", "pattern": MONEY}),
]
# A whole number of a query string, where everything is text.
Whole = Annotated[int, _matching("[0-9]{1,9}", int, WHOLE_NUMBER)]
Day = Annotated[
    date,
    _matching("[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat, DATE),
    WithJsonSchema({"type": "string", "format": "date"}),
]
# What the URLs let through; whether anyone is called so is for the database to say.
Username = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": "^[^/\u0000-\u001f]{1,150}$"})
]


def optional(description: str, **limits: Any) -> Any:
    """Make a field that may be left out, and says nothing of null or of a default."""
    return Field(None, description=description, json_schema_extra=_without_default, **limits)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class Price(Schema):
    """An amount of money."""

    amount: Decimal = Field(description="In units of the currency.", examples=["120.00"])
    currency: str = Field(description="ISO 4217.", examples=["USD"])
