"""The generation: a token that stays the same for as long as the public data does.

To cache something made from public data, read the token *before* the data, store both, and drop
both when the token has changed. No list of entries is needed, and a page that was rendered while
the data changed can't survive under the new token.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from .tokens import MemoryToken, Token, first_usable


def generation() -> bytes | None:
    """Return the token of the public data's current state; about a microsecond without Redis.

    Read it before the data. None means that it is unknown now (Redis is down, or no file can
    be written): then cache nothing. Every process of this machine sees the same token, and with
    REDIS_URL every machine does.
    """
    return _token().read()


def empty() -> None:
    """Drop every cached page, on every machine. Never raise.

    Django's own writes do this when they are committed; call it after writes
    that Django can't see, such as PostgreSQL's COPY.
    """
    _token().change()


@cache
def _token() -> Token:
    name = str(connection.settings_dict["NAME"])
    if settings.REDIS_URL:
        # The library takes half a second to import, in every command.
        from .redis_token import RedisToken

        options = settings.CACHES["default"].get("OPTIONS", {})
        return RedisToken(settings.REDIS_URL, f"oc_lettings:{name}:generation", options)
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        return MemoryToken()
    return first_usable(_paths(name))


def _paths(name: str) -> list[Path]:
    """Return the possible paths of the token's file; the first writable one is used."""
    if connection.vendor == "sqlite":
        # A process that writes the database can write next to it (SQLite's journal is there).
        return [Path(f"{name}-generation")]
    digest = hashlib.sha256(
        repr([connection.settings_dict[key] for key in ("HOST", "PORT", "NAME")]).encode()
    ).hexdigest()[:16]
    # The code's folder may be read-only; then a private folder of this user.
    private = Path(tempfile.gettempdir()) / f"oc_lettings-{os.getuid()}"
    return [folder / f"generation-{digest}" for folder in (settings.BASE_DIR / "var", private)]
