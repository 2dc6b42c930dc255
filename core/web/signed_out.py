"""Keep what was typed into a form whose sender is signed in no more."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from . import errors
from .form_recovery import keep_with_new_token


class SignedOutMiddleware:
    """Show a form again that would be lost by a redirect to the page where one signs in.

    Django redirects a POST like a GET, and what was typed is gone. An empty form is redirected.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_lost = request.method == "POST" and response.status_code == 302
        if is_lost and response.url.startswith(f"{resolve_url(settings.LOGIN_URL)}?"):
            return errors.signed_out(request) if keep_with_new_token(request) else response
        return response
