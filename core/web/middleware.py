"""The site's own Django middlewares, in the order of settings.MIDDLEWARE.

The middlewares between the server and Django are in oc_lettings_site/wsgi_middleware.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
)
from django.middleware.common import CommonMiddleware
from django.shortcuts import resolve_url
from django.utils.cache import has_vary_header
from django.utils.http import escape_leading_slashes
from django.utils.translation import override

from ..files.images.decoder_lock import Busy
from ..observability.health import PROBES
from ..request_size import MAX_BODY
from ..rest.problems import CONTENT_TYPE, PREFIX, turn_into_problem
from . import errors
from .form_recovery import keep_with_new_token
from .languages import language_of

GetResponse = Callable[[HttpRequest], HttpResponse]
METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
API_METHODS = [*METHODS, "PUT", "PATCH", "DELETE"]
RETRY_AFTER = 10  # seconds: the largest picture takes two
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


class ProbeMiddleware:
    """Answer the probes before any other middleware sees them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        if request.method in {"GET", "HEAD"}:
            response = probe()
        else:
            response = HttpResponseNotAllowed(["GET", "HEAD"])
        response["Cache-Control"] = "no-store"
        # Django logs every 503 as an error; this one is normal, and repeated every few seconds:
        # https://github.com/django/django/blob/stable/5.2.x/django/utils/log.py
        response._has_been_logged = True
        return response


class LanguageMiddleware:
    """Activate the language of the request's path until the answer is made."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with override(language_of(request.path_info)):
            return self.get_response(request)


class ProblemMiddleware:
    """Turn every other error under /api/ into problem details.

    The site's pages for 400, 404, 405, 413 and 500 are made outside of the API.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_error = response.status_code >= 400 and request.path_info.startswith(PREFIX)
        if is_error and response.get("Content-Type") != CONTENT_TYPE:
            turn_into_problem(request, response)
        return response


class HeadersMiddleware:
    """Add the headers above to every response that lacks them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if has_vary_header(response, "Cookie"):
            # A private page, unless it says otherwise: no proxy may cache it.
            response.setdefault("Cache-Control", "private, no-cache")
        return response


class RequestChecksMiddleware:
    """Answer 405, 413 and 400 to methods, sizes and bytes that none of our pages accepts."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        methods = API_METHODS if request.path_info.startswith(PREFIX) else METHODS
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        # PostgreSQL accepts no NUL in a query, and none of our paths has a control character.
        if any(ord(character) < 32 for character in request.path_info):
            return errors.bad_request(request)
        _drop_cookies_that_are_none(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit():
            return errors.bad_request(request)
        # int() refuses more than 4,300 digits.
        digits = length.lstrip("0")
        if len(digits) > len(str(MAX_BODY)) or int(digits or 0) > MAX_BODY:
            return errors.too_large(request)
        return self.get_response(request)


def _drop_cookies_that_are_none(request: HttpRequest) -> None:
    """Forget cookies with a control character: Django reads "\\000" in quotes as a NUL.

    No cookie has one (https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1), and PostgreSQL can't
    be asked for a session by such a key.
    """
    for name, value in list(request.COOKIES.items()):
        if any(ord(character) < 32 for character in value):
            del request.COOKIES[name]


class SlashMiddleware(CommonMiddleware):
    """Django's middleware, with 308 for what a redirect by 301 would turn into a GET.

    https://www.rfc-editor.org/rfc/rfc9110#section-15.4.9; Django loses the body, or raises an
    error with DEBUG. The admin's own redirects are made 308 here as well.
    """

    def get_full_path_with_slash(self, request: HttpRequest) -> str:
        """Return the path with its last slash, also with DEBUG."""
        return escape_leading_slashes(request.get_full_path(force_append_slash=True))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Redirect where only the slash is missing; let the method and the body be kept."""
        response = super().process_response(request, response)
        if response.status_code == 301 and request.method not in ("GET", "HEAD"):
            return HttpResponsePermanentRedirect(response["Location"], preserve_request=True)
        return response


class SignedOutMiddleware:
    """Show a form again that would be lost by a redirect to the page where one signs in.

    Django redirects a POST like a GET, and what was typed is gone. An empty form is redirected.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_lost = request.method == "POST" and response.status_code == 302
        if not is_lost or not response.url.startswith(_pages_to_sign_in()):
            return response
        if not keep_with_new_token(request):
            return response
        is_another = request.user.is_authenticated
        return errors.permission_denied(request) if is_another else errors.signed_out(request)


def _pages_to_sign_in() -> tuple[str, ...]:
    """Return how the addresses begin to which Django and its admin redirect."""
    return tuple(f"{resolve_url(page)}?" for page in (settings.LOGIN_URL, "admin:login"))


class UploadRoomMiddleware:
    """Raise the error of a skipped file before a view uses the incomplete form.

    It comes after the CSRF middleware, which reads the form anyway.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """Raise the error of a skipped file, if there is one."""
        if request.method == "POST" and request.content_type == "multipart/form-data":
            request.POST
            if hasattr(request, "no_room"):
                raise request.no_room


class BusyMiddleware:
    """Answer 503 where a view raises Busy; rest.problems turns it into the API's JSON."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the 503 if the view raised Busy."""
        return errors.pictures_wait(request, RETRY_AFTER) if isinstance(error, Busy) else None
