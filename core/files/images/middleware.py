"""Answer 503 when no picture can be decoded now: the same for pages, the admin and the API."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ...web import errors
from .decoder_lock import Busy

RETRY_AFTER = 10  # seconds: the largest picture takes two


class BusyMiddleware:
    """Answer 503 where a view raises Busy; rest.problems turns it into the API's JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the 503 if the view raised Busy."""
        return errors.pictures_wait(request, RETRY_AFTER) if isinstance(error, Busy) else None
