"""Authenticate a request by a token of the site, with the scope that an operation needs.

Sessions and other cookies are ignored, so that no other site can make a browser act for a
signed-in user (and no CSRF token is needed).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security.http import HttpBearer

from .problems import Problem

CHALLENGE = 'Bearer realm="Orange County Lettings"'


class Token(HttpBearer):
    """Accept a request whose token has the scope; otherwise raise Problem 401 or 403.

    https://www.rfc-editor.org/rfc/rfc6750#section-3
    """

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        """Return the token that ``mount`` found, with ``user`` and ``scopes``."""
        token = request.token
        if token is None:
            sent = "Authorization" in request.headers
            error = ', error="invalid_token"' if sent else ""
            detail = "This token is not valid: wrong, revoked or expired." if sent else ""
            raise Problem(401, detail, headers={"WWW-Authenticate": f"{CHALLENGE}{error}"})
        if self.scope not in token.scopes:
            challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{self.scope}"'
            detail = "This token lacks the scope %s; create one that has it." % self.scope
            raise Problem(403, detail, headers={"WWW-Authenticate": challenge})
        return token

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Never called: ``__call__`` decides."""
        raise NotImplementedError
