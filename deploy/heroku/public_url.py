"""The public URL of an app."""

from __future__ import annotations

from ..runner import actor
from .platform import NEED_KEY, Heroku


def address(given: str, dry: bool) -> str:
    """Return the URL; for ``heroku:APP``, ask the platform for it."""
    kind, _, app = given.partition(":")
    if kind != "heroku":
        return given
    return actor(dry, NEED_KEY).ask(Heroku().app(app))["web_url"].rstrip("/")
