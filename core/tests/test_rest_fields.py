"""core.rest.fields: the limits of columns and forms, as the API's schemas have them."""

import pytest
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models

from core.rest.fields import limits

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
            forms.DecimalField(decimal_places=2, min_value=0, step_size=0.5),
            {"ge": 0, "multiple_of": 0.5},
        ),
    ],
)
def test_limits(field, found):
    assert limits(field) == found
