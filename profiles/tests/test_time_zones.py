"""The time zones that people may be in, and the one in which a page or a mail tells moments."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from profiles import time_zones
from profiles.middleware import ReadersZone, TimeZoneMiddleware
from profiles.recipients import writing_to, zone_of

MORNING = datetime(2029, 1, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def ada(db):
    user = get_user_model().objects.create_user("ada")
    user.profile.time_zone = "America/Los_Angeles"
    user.profile.save()
    return user


@pytest.mark.parametrize(
    "sent, kept",
    [
        ("America/Los_Angeles", "America/Los_Angeles"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Europe/Stockholm", "Europe/Stockholm"),  # a link today, and a country's own name
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Etc/UTC", "UTC"),
        ("Zulu", "UTC"),
        ("GMT", "UTC"),
        ("UTC", "UTC"),
        *((wild, "") for wild in ("", "Etc/GMT+8", "PST8PDT", "Factory", "Mars/Olympus")),
        *((wild, "") for wild in ("../../etc/passwd", "a\0b", "Europe/Paris ", "x" * 100_000)),
    ],
)
def test_what_a_browser_names(sent, kept):
    assert time_zones.find(sent) == kept


def test_every_name_that_python_knows_is_a_choice_or_refused():
    for name in available_timezones():
        assert time_zones.find(name) in time_zones.names() | {""}


def test_every_choice_has_a_clock_and_fits_the_column():
    chosen = [name for _region, zones in time_zones.choices() for name, _label in zones]
    assert sorted(chosen) == sorted(time_zones.names())
    assert all(ZoneInfo(name).utcoffset(MORNING) is not None for name in chosen)
    assert max(map(len, chosen)) <= 64


def test_a_zone_that_there_is_not_is_refused_by_the_model(ada):
    ada.profile.time_zone = "Mars/Olympus"
    with pytest.raises(ValidationError, match="“Mars/Olympus” is no time zone"):
        ada.profile.full_clean()
    assert zone_of(ada.profile) is None


@pytest.mark.parametrize("summer", [datetime(2029, 7, 1, tzinfo=UTC), MORNING])
def test_the_readers_zone_is_as_the_zone_itself(ada, summer):
    request = RequestFactory().get("/")
    request.user = ada
    zone, itself = ReadersZone(request), ZoneInfo("America/Los_Angeles")
    there = summer.astimezone(zone)
    assert there == summer
    assert (there.isoformat(), there.tzname()) == (
        summer.astimezone(itself).isoformat(),
        summer.astimezone(itself).tzname(),
    )
    naive = there.replace(tzinfo=None)
    assert timezone.make_aware(naive, zone) == summer
    assert naive.replace(tzinfo=zone).dst() == itself.dst(naive)
    with timezone.override(zone):
        assert timezone.get_current_timezone_name() == "America/Los_Angeles"
        assert timezone.localdate(MORNING).isoformat() == "2028-12-31"


def test_a_request_without_a_session_looks_at_nobody():
    def view(request):
        assert timezone.get_current_timezone_name() == "UTC"
        return "answer"

    assert TimeZoneMiddleware(view)(RequestFactory().get("/")) == "answer"


def test_the_zone_ends_with_the_request(ada):
    client = Client()
    client.force_login(ada)
    client.get("/accounts/")
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.django_db
def test_a_public_page_is_the_same_for_visitors_of_every_zone():
    page = Client().get("/profiles/")
    assert "time-zone" not in page.content.decode()
    assert not page.cookies


def test_nothing_is_written_in_somebodys_language_alone():
    """A mail of which only the language is its reader's would tell moments in another's zone."""
    for app in apps.get_app_configs():
        if Path(app.path).parent == settings.BASE_DIR:
            for file in Path(app.path).rglob("*.py"):
                if "tests" not in file.parts and file.name != "recipients.py":
                    assert not re.search(r"override\([\w.]*\.language", file.read_text()), file


def test_what_is_written_to_somebody_is_in_their_zone_and_language(ada):
    ada.profile.language = "fr"
    with timezone.override("Asia/Tokyo"):
        with writing_to(ada.profile, "en"):
            assert timezone.localtime(MORNING).isoformat() == "2028-12-31T19:00:00-08:00"
            assert translation.get_language() == "fr"
        with writing_to(None, "fr"):
            assert timezone.localtime(MORNING).isoformat() == "2029-01-01T03:00:00+00:00"
            assert translation.get_language() == "fr"
        assert timezone.get_current_timezone_name() == "Asia/Tokyo"
