"""Avatars, the pictures of profiles: square, small, one file each.

They are stored under ``faces/``, the prefix under which files have always been."""

from __future__ import annotations

import secrets
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core.files.storage import said_if_it_fails
from core.files.uploads import render_upload

SIDE = 256  # pixels: the largest a page shows is 112, on screens twice as fine
OPTIONS = {"format": "WEBP", "quality": 82, "method": 6}
# The only names that store() returns.
NAME = r"faces/[0-9a-f]{32}\.webp"


def open_avatar(file: BinaryIO) -> bytes:
    """Return an upload as a square WebP; raise ValidationError or Busy (core.files.uploads)."""
    size = (SIDE, SIDE)
    return render_upload(file, size, [(size, OPTIONS)])[0]


def store(avatar: bytes) -> str:
    """Store what ``open_avatar`` returned; return the name for ``Profile.picture``.

    The name is new each time, so that a file may be cached for ever.
    """
    return default_storage.save(f"faces/{secrets.token_hex(16)}.webp", ContentFile(avatar))


def delete_after_commit(name: str) -> None:
    """Delete that file, if there is one, after the commit: no row names it any more."""
    if name:
        transaction.on_commit(lambda: _delete(name))


def _delete(name: str) -> None:
    with said_if_it_fails(name):
        default_storage.delete(name)
