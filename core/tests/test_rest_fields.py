"""core.rest.fields: the limits of columns and forms, as the API's schemas have them."""

from decimal import Decimal

import pytest
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models

from ninja import Schema
from pydantic import Field, ValidationError

from core.rest.fields import Number, NumberOut, limits
from core.rest.validation import refused

HALVES = [MinValueValidator(0), MaxValueValidator(9), StepValueValidator(0.5)]


@pytest.mark.parametrize(
    "field, found",
    [
        (models.CharField(max_length=64), {"max_length": 64}),
        (models.TextField(), {}),
        (models.PositiveSmallIntegerField(validators=HALVES[:2]), {"ge": 0, "le": 9}),
        (
            models.DecimalField(max_digits=3, decimal_places=1, validators=HALVES),
            {"ge": 0, "le": 9, "multiple_of": 0.5},
        ),
        (forms.CharField(max_length=5), {"max_length": 5}),
        (forms.IntegerField(min_value=1, max_value=9), {"ge": 1, "le": 9}),
        (
            forms.DecimalField(decimal_places=2, min_value=0, step_size=Decimal("0.5")),
            {"ge": 0, "multiple_of": 0.5},
        ),
    ],
)
def test_limits(field, found):
    assert limits(field) == found


class Size(Schema):
    asked: Number = Field(1.5, ge=0.5, le=9, multiple_of=0.5)
    shown: NumberOut | None = None


@pytest.mark.parametrize(
    "text, number", [("1", 1.0), ("1.5", 1.5), ("9.0", 9.0), ("0.500", 0.5), ("000", None)]
)
def test_a_number_in_a_query(text, number):
    if number is None:
        with pytest.raises(ValidationError):
            Size(asked=text)
    else:
        assert Size(asked=text).asked == number


@pytest.mark.parametrize(
    "text", "1,5 1_0 ٣ nan inf 1e0 -1 +1 .5 1. 0x1 1.3 9.5 10 0".split() + [""]
)
def test_no_number_in_a_query(text):
    with pytest.raises(ValidationError) as raised:
        Size(asked=text)
    [found] = raised.value.errors()
    [said] = refused([{**found, "loc": ("query", "asked")}]).errors
    assert said["detail"].startswith(("Enter a number.", "Ensure this value is"))


@pytest.mark.parametrize(
    "value, shown", [(Decimal("1.5"), 1.5), (Decimal("2.0"), 2), (None, None)]
)
def test_a_decimal_is_a_number_in_an_answer(value, shown):
    assert Size.model_construct(shown=value).model_dump()["shown"] == shown
