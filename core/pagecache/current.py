"""The generation: a token that stays the same for as long as the public data does.

Whoever keeps something made from public data keeps the token with it, read *before* the data
was, and throws both away when the token has changed. Nothing is ever listed or deleted, so a page
that was rendered while the data changed can't survive under the new token.
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
    """Return the token of the public data's present state; about a microsecond without Redis.

    Read it before the data. None means that it can't be told now (Redis is down, or no file can
    be written): then keep nothing. Every process of this machine sees the same token, and with
    REDIS_URL every machine does.
    """
    return _token().read()


def empty() -> None:
    """Forget every kept page, everywhere. Never raises.

    Writes through Django do this by themselves when they are committed; call it after the ones
    that Django can't see, such as PostgreSQL's COPY.
    """
    _token().change()


@cache
def _token() -> Token:
    name = str(connection.settings_dict["NAME"])
    if settings.REDIS_URL:
        # The library takes half a second to import, which every command would pay.
        from .redis_token import RedisToken

        options = settings.CACHES["default"].get("OPTIONS", {})
        return RedisToken(settings.REDIS_URL, f"oc_lettings:{name}:generation", options)
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        return MemoryToken()
    return first_usable(_paths(name))


def _paths(name: str) -> list[Path]:
    """Where the token's file may be: the first that can be written is it."""
    if connection.vendor == "sqlite":
        # Whoever can write to the database can write next to it (its journal is there too).
        return [Path(f"{name}-generation")]
    digest = hashlib.sha256(
        repr([connection.settings_dict[key] for key in ("HOST", "PORT", "NAME")]).encode()
    ).hexdigest()[:16]
    # The code's folder may be read-only; then one that belongs to this user alone.
    private = Path(tempfile.gettempdir()) / f"oc_lettings-{os.getuid()}"
    return [folder / f"generation-{digest}" for folder in (settings.BASE_DIR / "var", private)]
