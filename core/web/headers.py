"""Response headers that Django and django-csp don't set."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header

# Browser features that this site never uses: https://www.w3.org/TR/permissions-policy/
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
    # Other sites must not load pages into their process. Link previews can still load pictures:
    # static files are served without this header, and media with one that allows it.
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    """Add the headers above to every response that lacks them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if has_vary_header(response, "Cookie"):
            # A private page, unless it says otherwise: no proxy may cache it.
            response.setdefault("Cache-Control", "private, no-cache")
        return response
