"""The answer when no picture can be read just now: the same for pages, the admin and the API."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ...web import errors
from .turns import Busy

RETRY_AFTER = 10  # seconds: the largest picture takes two


class BusyMiddleware:
    """Answers 503 where a view raises Busy; rest.problems makes the API's words of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what a view raised."""
        return errors.pictures_wait(request, RETRY_AFTER) if isinstance(error, Busy) else None
