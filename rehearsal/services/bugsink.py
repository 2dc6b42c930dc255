"""Bugsink, which speaks Sentry's protocol: errors arrive, and can be looked up."""

from __future__ import annotations

import secrets

import urllib3

from deploy.image.docker import RUN

from .service import Service


class Bugsink(Service):
    """A server with one project, whose errors the site sends to ``dsn``.

    ``environment_of_verbs`` is what bin/sentry-release and bin/sentry-proof read; ``login`` is a
    person's name and password at ``url``.
    """

    role = "sentry"
    organization = "rehearsal"  # Bugsink has none; the programs want one set

    def __init__(
        self,
        port: int = 0,
        *,
        project: str = "oc-lettings",
        run: str = RUN,
    ) -> None:
        super().__init__(port, run=run)
        self.project = project
        self.token, self.key = secrets.token_hex(20), secrets.token_hex(16)
        self.login = ("operator@example.org", secrets.token_urlsafe(9))
        self._secret_key = secrets.token_urlsafe(50)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def dsn(self) -> str:
        """Return the project's SENTRY_DSN."""
        return f"http://{self.key}@127.0.0.1:{self.port}/1"

    @property
    def environment_of_verbs(self) -> dict[str, str]:
        """Return the variables that lead the programs of bin/ to it."""
        return {
            "SENTRY_URL": self.url,
            "SENTRY_ORG": self.organization,
            "SENTRY_PROJECT": self.project,
            "SENTRY_AUTH_TOKEN": self.token,
        }

    def environment(self) -> dict[str, str]:
        """Return what prepare.py makes the account of."""
        return {
            "PORT": str(self.port),
            "SECRET_KEY": self._secret_key,
            "PROJECT": self.project,
            "SUPERUSER": ":".join(self.login),
            "SENTRY_KEY": self.key,
            "AUTH_TOKEN": self.token,
        }

    def ready(self) -> bool:
        """Return whether it knows its project."""
        try:
            answer = self._get("/api/canonical/0/projects/")
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200 and self.project in answer.data.decode()

    def issues(self) -> list[dict[str, object]]:
        """Return the issues, the newest first; raises urllib3's HTTPError when nobody answers."""
        asked = self._get("/api/canonical/0/issues/?project=1&sort=last_seen&order=desc")
        return asked.json()["results"]

    def page_of(self, issue: str) -> str:
        """Return the address of an issue's page, at its last event, for a person to look at."""
        return f"{self.url}/issues/issue/{issue}/event/last/"

    def _get(self, path: str) -> urllib3.BaseHTTPResponse:
        return urllib3.request(
            "GET",
            self.url + path,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=5,
            retries=False,
        )
