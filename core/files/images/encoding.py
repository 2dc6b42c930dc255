"""Encode a picture as files of several sizes and formats."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def encode(master: Image.Image, size: tuple[int, int], options: dict[str, Any]) -> bytes:
    """Return the picture, encoded at ``size`` (width, height in pixels).

    ``options`` are those of Pillow's ``save``, the format among them.
    """
    if master.size != tuple(size):
        master = master.resize(tuple(size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    master.save(out, **options)
    return out.getvalue()
