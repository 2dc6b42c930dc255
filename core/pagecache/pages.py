"""Public pages: the same for everyone who is not signed in, so they can be cached."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Mark a view as public: GET and HEAD only, the same for everyone who is not signed in.

    A page that does not come from the page cache (the visitor is signed in) is private and
    never stored; the page cache sets other headers on its copies.
    """

    @require_safe
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Cookie"])
        return response

    wrapper.public_page = True
    return wrapper
