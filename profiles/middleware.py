"""The time zone of signed-in users, in which they read and write times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .recipients import zone_of


class ReadersZone(tzinfo):
    """The time zone of a request's user, looked up lazily.

    Most pages show no time, and should not query the database for the zone.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _zone(self) -> tzinfo:
        profile = getattr(self._request.user, "profile", None)
        return zone_of(profile) or timezone.get_default_timezone()

    def look_up_first(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict
    ) -> Any:
        """Run a statement; if one of its datetimes is in this zone, look the zone up before.

        psycopg asks for the offset while it holds the connection, for which the query for the
        zone would wait for ever:
        https://www.psycopg.org/psycopg3/docs/advanced/async.html#concurrent-operations
        """
        if not many and isinstance(params, (list, tuple)):
            if any(isinstance(value, datetime) and value.tzinfo is self for value in params):
                self._zone
        return execute(sql, params, many, context)

    def __str__(self) -> str:
        return str(self._zone)

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Return what the zone does."""
        return self._zone.utcoffset(moment)

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Return what the zone does."""
        return self._zone.dst(moment)

    def tzname(self, moment: datetime | None) -> str | None:
        """Return what the zone does."""
        return self._zone.tzname(moment)

    def fromutc(self, moment: datetime) -> datetime:
        """Return the moment in the zone itself, which outlives the request."""
        return self._zone.fromutc(moment.replace(tzinfo=self._zone))


class TimeZoneMiddleware:
    """Activate the profile's zone for the request; UTC if it has no session.

    Pages without a session are cached for others (pagecache), so they must not depend on the
    visitor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        zone = ReadersZone(request)
        with timezone.override(zone), connection.execute_wrapper(zone.look_up_first):
            return self.get_response(request)
