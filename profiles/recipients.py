"""The language and time zone of a mail's reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from . import time_zones
from .models import Profile


def zone_of(profile: Profile | None) -> ZoneInfo | None:
    """Return a profile's time zone; None for the site's own, UTC."""
    name = time_zones.find(profile.time_zone) if profile else ""
    return ZoneInfo(name) if name else None


@contextmanager
def writing_to(profile: Profile | None, language: str = "en") -> Iterator[None]:
    """Activate the profile's language and zone; without a profile, ``language`` and UTC.

    The user whose request causes a mail is not its reader, so the request's zone must not count.
    """
    language = profile.language if profile else language
    with translation.override(language), timezone.override(zone_of(profile)):
        yield
