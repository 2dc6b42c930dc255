"""Wrap the operations: tokens, rate limits, HEAD, conditional requests, the page cache."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.urls import URLPattern

from ..pagecache import public_page
from . import rate_limits
from .problems import Problem

View = Callable[..., HttpResponse]
KEY = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True)
class Layers:
    """The wrappers between a URL of the API and its operation.

    authenticate: returns the token of a request, or None;
    once: runs a request with an Idempotency-Key, or repeats its first answer;
    public: names the operations with the same answer for everyone, which the page cache stores;
    ahead: by an operation's name, its slow part, which runs before a transaction begins.
    """

    authenticate: Callable[[HttpRequest], Any]
    once: Callable[..., HttpResponse]
    public: Collection[str]
    ahead: Mapping[str, Callable[..., None]]

    def around(self, pattern: URLPattern) -> URLPattern:
        """Wrap the view of a URL pattern in all layers."""
        view = self.limited(
            conditional(self.idempotent(pattern.callback, self.ahead.get(pattern.name)))
        )
        if pattern.name in self.public:
            view = public_page(view)
        # Only tokens authenticate, and no browser sends one by itself: see auth.py.
        view.csrf_exempt = True
        pattern.callback = view
        return pattern

    def limited(self, view: View) -> View:
        """Count each request before any other work, and set the RateLimit headers."""

        @wraps(view)
        def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            request.token = self.authenticate(request)
            use = rate_limits.use(request, getattr(request.token, "pk", None))
            try:
                if use and (problem := use.problem()):
                    raise problem
                response = view(request, **kwargs)
            except Problem as problem:
                response = problem.response()
            except RequestDataTooBig:
                response = Problem(413).response()
            if use:
                use.tell(response)
            # Not every proxy cache knows that the answer to a token is private.
            response.setdefault("Cache-Control", "private, no-cache")
            return response

        return wrapper

    def idempotent(self, view: View, ahead: Callable[..., None] | None) -> View:
        """Run a POST with an Idempotency-Key once, however often it is sent."""

        @wraps(view)
        def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            key = request.headers.get("Idempotency-Key")
            if request.method != "POST" or key is None or request.token is None:
                return view(request, **kwargs)
            if not KEY.fullmatch(key):
                raise Problem(400, "An Idempotency-Key is 1 to 255 letters, digits and marks.")
            answer = partial(view, request, **kwargs)
            return self.once(request, key, answer, ahead and partial(ahead, request, **kwargs))

        return wrapper


def conditional(view: View) -> View:
    """Answer HEAD like GET, and 304 to a client with the same ETag: RFC 9110, 9.3.2 and 13."""

    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        method = request.method
        request.method = "GET" if method == "HEAD" else method  # the server leaves out the body
        try:
            response = ConditionalGetMiddleware(lambda asked: view(asked, **kwargs))(request)
        finally:
            request.method = method
        allowed = response.get("Allow", "")
        if "GET" in allowed and "HEAD" not in allowed:
            response["Allow"] = allowed.replace("GET", "GET, HEAD")
        return response

    return wrapper
