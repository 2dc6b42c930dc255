"""Client of one registry for one account: login, requests, retries.

https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md
https://distribution.github.io/distribution/spec/auth/token/
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import urllib3

from ..commands import Account
from ..cli import say
from .image_names import Image
from .refusals import Refusal, read, read_error

ATTEMPTS = 3
# To keep a large layer takes a registry its time; CircleCI ends a step that is silent for 600 s.
TIMEOUT = urllib3.Timeout(connect=10, read=120)
# Docker Hub sends blobs from elsewhere; urllib3 takes the login out of what goes to another host.
REDIRECTS = urllib3.Retry(total=5, redirect=5, connect=0, read=0, status=0, other=0)

T = TypeVar("T")


class Refused(Exception):
    """A registry said no, or nothing: its name, what that means, and whose token it was."""

    def __init__(self, registry: str, secret: str, refusal: Refusal) -> None:
        self.registry, self.secret, self.refusal = registry, secret, refusal
        super().__init__(refusal.found(registry, secret))

    @property
    def way(self) -> str:
        """What to do next."""
        return self.refusal.way(self.registry, self.secret)


def patiently(what: Callable[[], T]) -> T:
    """Return what the call returns; what a moment may mend is tried three times in all."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return what()
        except Refused as refused:
            wait = refused.refusal.again * attempt
            if attempt == ATTEMPTS or not wait:
                raise
            say(f"  {refused}; once more in {wait} s")
            time.sleep(wait)
    raise AssertionError("every attempt returns or raises")


class Client:
    """A registry's API for one account, with a login for each set of rights that is needed."""

    def __init__(self, http: urllib3.PoolManager, image: Image, account: Account) -> None:
        self.http, self.server, self.host = http, image.server, image.host
        self.account = account
        self.logins: dict[tuple[str, ...], str] = {}

    def ask(
        self,
        method: str,
        path: str,
        scopes: tuple[str, ...],
        expected: tuple[int, ...] = (200,),
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> urllib3.BaseHTTPResponse:
        """Return the answer to one request, logged in where that is asked for; raise Refused.

        ``path`` may be an address that the registry gave. ``scopes`` are the rights it needs, such
        as ``repository:you/oc:pull``. Further options are urllib3's.
        """
        answer = self._send(method, path, scopes, headers or {}, options)
        # A stream that was read can't be sent again; whoever has it asked for the place before.
        if answer.status == 401 and not hasattr(options.get("body"), "read"):
            answer.drain_conn()
            self._log_in(answer.headers.get("WWW-Authenticate", ""), scopes)
            answer = self._send(method, path, scopes, headers or {}, options)
        if answer.status not in expected:
            raise self.refused(read(answer.status, answer.data.decode(errors="replace")))
        return answer

    def refused(self, refusal: Refusal) -> Refused:
        """Return the exception for what this registry said."""
        return Refused(self.host, self.account.secret, refusal)

    def parsed(self, body: bytes, *needed: str) -> dict[str, Any]:
        """Return a JSON object that has these keys; raise Refused for anything else."""
        try:
            said = json.loads(body)
        except ValueError:
            said = None
        if isinstance(said, dict) and all(key in said for key in needed):
            return said
        words = body[:100].decode(errors="replace")
        raise self.refused(read(400, f"bad request: it answered {words!r}"))

    def lost(self, error: Exception) -> Refused:
        """Return the exception for a connection that failed."""
        words = str(getattr(error, "reason", None) or error)
        words = re.sub(r"^<[^>]*>: |^[\w.]+\(.*?\): ", "", words)
        return self.refused(read_error(words))

    def _send(
        self,
        method: str,
        path: str,
        scopes: tuple[str, ...],
        headers: Mapping[str, str],
        options: dict[str, Any],
    ) -> urllib3.BaseHTTPResponse:
        url = urljoin(self.server, path)
        headers = {"User-Agent": "oc-lettings-deploy", **headers}
        # Nobody but the registry itself gets its login.
        if scopes in self.logins and urlsplit(url)[:2] == urlsplit(self.server)[:2]:
            headers["Authorization"] = self.logins[scopes]
        return self._request(method, url, headers=headers, **options)

    def _request(self, method: str, url: str, **options: Any) -> urllib3.BaseHTTPResponse:
        try:
            return self.http.request(method, url, retries=REDIRECTS, timeout=TIMEOUT, **options)
        except urllib3.exceptions.HTTPError as error:
            raise self.lost(error) from None

    def _log_in(self, challenge: str, scopes: tuple[str, ...]) -> None:
        """Log in as the registry asks to: by password, or by a token from where it says."""
        kind, _, rest = challenge.partition(" ")
        basic = self._basic()
        if kind.lower() == "basic":
            if not basic:
                raise self.refused(read(401, "no basic auth credentials"))
            self.logins[scopes] = basic
        elif kind.lower() == "bearer":
            self.logins[scopes] = f"Bearer {self._token(rest, scopes, basic)}"

    def _basic(self) -> str:
        """Return the header of the account's password; empty without one."""
        secret = os.environ.get(self.account.secret, "")
        if not secret:
            return ""
        return urllib3.make_headers(basic_auth=f"{self.account.name}:{secret}")["authorization"]

    def _token(self, challenge: str, scopes: tuple[str, ...], basic: str) -> str:
        """Return a token for the rights; without a password, an anonymous one."""
        given = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        fields = [("service", given["service"])] if "service" in given else []
        fields += [("scope", scope) for scope in scopes]
        realm = given.get("realm", "")
        # The password leaves this machine as safely as everything else goes to this registry.
        if urlsplit(realm).scheme not in ("https", urlsplit(self.server).scheme):
            raise self.refused(
                read_error(f"it wants the login by {realm!r}: no certificate there")
            )
        headers = {"Authorization": basic} if basic else {}
        answer = self._request("GET", realm, fields=fields, headers=headers)
        if answer.status != 200:
            raise self.refused(read(answer.status, answer.data.decode(errors="replace")))
        said = self.parsed(answer.data)
        return str(said.get("token") or said.get("access_token", ""))
