"""What is written to somebody is in their language, and tells moments in their time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from . import time_zones
from .models import Profile


def zone_of(profile: Profile | None) -> ZoneInfo | None:
    """Return the zone in which somebody reads moments; None for the site's own, UTC."""
    name = time_zones.find(profile.time_zone) if profile else ""
    return ZoneInfo(name) if name else None


@contextmanager
def writing_to(profile: Profile | None, language: str = "en") -> Iterator[None]:
    """Speak as the profile wants; to who has none in ``language`` and in UTC.

    Who causes a mail and who reads it are two: the zone of the request counts for neither.
    """
    language = profile.language if profile else language
    with translation.override(language), timezone.override(zone_of(profile)):
        yield
