"""Send a request whose path lacks its last slash to the path that has it, with its body."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.utils.http import escape_leading_slashes


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
