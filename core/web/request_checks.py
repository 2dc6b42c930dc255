"""Refuse what no view here can answer, before the rest of the stack spends time on it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from ..request_size import MAX_BODY
from ..rest.problems import PREFIX
from . import errors

METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
API_METHODS = [*METHODS, "PUT", "PATCH", "DELETE"]


class RequestChecksMiddleware:
    """Answer 405, 413 and 400 to methods, sizes and bytes that none of our pages accepts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
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
