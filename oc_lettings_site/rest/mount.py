"""How the operations are served: limits, HEAD, conditional requests and the page cache."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.urls import URLPattern

from ..pagecache import public_page
from . import limits
from .problems import Problem

View = Callable[..., HttpResponse]
Authenticate = Callable[[HttpRequest], Any]


def serve(pattern: URLPattern, authenticate: Authenticate, public: Collection[str]) -> URLPattern:
    """Put a pattern of ninja's behind our layers.

    authenticate gives the token of a request, or None; public names the operations that answer
    everyone alike, which the page cache keeps.
    """
    view = conditional(limited(pattern.callback, authenticate))
    if pattern.name in public:
        view = public_page(view)
    # Only tokens count, and no browser sends one by itself: see auth.py.
    view.csrf_exempt = True
    pattern.callback = view
    return pattern


def limited(view: View, authenticate: Authenticate) -> View:
    """Count each request before it costs anything more, and say so in its headers."""

    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        request.token = authenticate(request)
        use = limits.use(request, getattr(request.token, "pk", None))
        try:
            if use and (problem := use.problem()):
                raise problem
            response = view(request, **kwargs)
        except Problem as problem:
            response = problem.response()
        if use:
            use.tell(response)
        return response

    return wrapper


def conditional(view: View) -> View:
    """Answer HEAD as GET, and 304 to who has it already: RFC 9110, sections 9.3.2 and 13."""

    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        method = request.method
        request.method = "GET" if method == "HEAD" else method  # the server leaves out the body
        try:
            return ConditionalGetMiddleware(lambda asked: view(asked, **kwargs))(request)
        finally:
            request.method = method

    return wrapper
