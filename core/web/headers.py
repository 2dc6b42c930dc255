"""Response headers that Django and django-csp don't set."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header

# What this site never asks of a browser: https://www.w3.org/TR/permissions-policy/
UNUSED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    # Pages may not be drawn into another site's process; pictures stay open to link previews,
    # since static files are served without this header, and media with one that allows it.
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    """Adds the headers above to every response that lacks them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if has_vary_header(response, "Cookie"):
            # Somebody's own page, unless it says otherwise: no cache on the way may keep it.
            response.setdefault("Cache-Control", "private, no-cache")
        return response
