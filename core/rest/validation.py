"""Answer invalid input with the messages of Django's forms, so that pages and API say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core import validators

from .problems import Problem

REQUIRED = forms.Field.default_error_messages["required"]
WHOLE_NUMBER = forms.IntegerField.default_error_messages["invalid"]
NUMBER = forms.DecimalField.default_error_messages["invalid"]
DATE = forms.DateField.default_error_messages["invalid"]
LONGER = "Use at most %(max_length)s characters."
UNREADABLE = "Leave out the control characters, and send valid Unicode."
WRONG = "Some of what was sent can't be accepted; “errors” says what."
# https://docs.pydantic.dev/latest/errors/validation_errors/
WORDS = {
    "missing": REQUIRED,
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "int_parsing_size": WHOLE_NUMBER,
    "float_type": NUMBER,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "string_type": "Enter a text.",
    "string_unicode": UNREADABLE,
    "bool_type": "Enter true or false.",
    "bool_parsing": "Enter true or false.",
    "list_type": "Enter a list.",
    "literal_error": "Choose one of %(expected)s.",
    "enum": "Choose one of %(expected)s.",
    "extra_forbidden": "There is no such field here; leave it out.",
    "model_attributes_type": "Send an object: { … }.",
    "model_type": "Send an object: { … }.",
    "string_too_long": LONGER,
    "greater_than_equal": validators.MinValueValidator.message,
    "less_than_equal": validators.MaxValueValidator.message,
    "multiple_of": validators.StepValueValidator.message,
    "string_pattern_mismatch": validators.RegexValidator.message,
}


def refused(found: Iterable[dict[str, Any]]) -> Problem:
    """Return Problem 422 for the errors of a ninja.errors.ValidationError."""
    return Problem(422, WRONG, errors=[_entry(**each) for each in found])


def refused_form(form: forms.BaseForm, where: str, named: Callable[[str], str] = str) -> Problem:
    """Return Problem 422 for an invalid form.

    where: "query" or "body"; named: returns the API's name of a form field.
    """
    errors = [
        {"in": where, "name": "" if name == "__all__" else named(name), "detail": str(message)}
        for name, messages in form.errors.items()
        for message in messages
    ]
    return Problem(422, WRONG, errors=errors)


def _entry(*, type: str, loc: tuple, msg: str, ctx: dict | None = None, **rest: Any) -> dict:
    # In a body, the first part of the path is the name of a Python argument.
    where, path = str(loc[0]), loc[2:] if loc[0] == "body" else loc[1:]
    known = {**(ctx or {})}
    known["limit_value"] = known.get("ge", known.get("le", known.get("multiple_of")))
    detail = str(WORDS[type]) % known if type in WORDS else msg
    return {"in": where, "name": ".".join(str(part) for part in path), "detail": detail}
