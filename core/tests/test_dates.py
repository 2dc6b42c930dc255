"""Days and moments in full, in each language."""

from datetime import date, datetime, timezone

import pytest
from django.utils.translation import override

from core.templatetags.dates import day, moment

FIRST = date(2027, 2, 1)
ELEVENTH = date(2027, 2, 11)
MORNING = datetime(2027, 2, 1, 8, 27, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "code, value, written",
    [
        ("en", FIRST, "Feb. 1, 2027"),
        ("fr", FIRST, "1er février 2027"),
        ("fr", ELEVENTH, "11 février 2027"),
        ("fr", MORNING, "1er février 2027"),
    ],
)
def test_a_day(code, value, written):
    with override(code):
        assert day(value) == written


@pytest.mark.parametrize(
    "code, written",
    [("en", "Feb. 1, 2027, 8:27 a.m. UTC"), ("fr", "1er février 2027 08:27 UTC")],
)
def test_a_moment_has_its_time_zone(code, written):
    with override(code):
        assert moment(MORNING) == written
