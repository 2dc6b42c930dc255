"""Pictures of lettings: checked, cut to 3:2, and kept in the sizes and formats the pages ask for.

A picture is known by its stem and comes as several files, ``<stem>-<width>.<format>``. Uploads
live in the default storage under ``photos/``; the sample's pictures ship as static files, and
their names begin with ``sample/``.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.templatetags.static import static
from PIL import Image

from oc_lettings_site.uploads import open_picture

WIDTHS = (480, 960, 1440)
# Every browser that knows neither AVIF nor WebP, and every preview robot, takes one JPEG.
FORMATS = {"avif": WIDTHS, "webp": WIDTHS, "jpg": (960,)}
MASTER = (1440, 960)
QUALITY = {"avif": 62, "webp": 80, "jpg": 84}
OPTIONS = {
    "avif": {"format": "AVIF", "speed": 6},
    "webp": {"format": "WEBP", "method": 6},
    "jpg": {"format": "JPEG", "optimize": True, "progressive": True},
}


def open_upload(file: BinaryIO) -> Image.Image:
    """Give the picture in an uploaded file, cut to 3:2; raises ValidationError (see uploads)."""
    return open_picture(file, MASTER)


def render(
    master: Image.Image, quality: dict[str, int] = QUALITY
) -> Iterator[tuple[int, str, bytes]]:
    """Give every rendition of a 3:2 picture: its width in pixels, its format, its bytes.

    ``quality`` is 0 to 100 for each format, as its encoder counts.
    """
    for width in WIDTHS:
        sized = master.resize((width, width * 2 // 3), Image.Resampling.LANCZOS)
        for format, widths in FORMATS.items():
            if width in widths:
                out = io.BytesIO()
                sized.save(out, quality=quality[format], **OPTIONS[format])
                yield width, format, out.getvalue()


def store(master: Image.Image) -> str:
    """Keep every rendition of what ``open_upload`` gave; give the name for ``Photo.image``.

    The name comes from the content: the same picture twice is stored once, and what a name
    shows never changes, so that it may be cached forever.
    """
    stem = "photos/" + hashlib.sha256(master.tobytes()).hexdigest()[:32]
    for width, format, content in render(master):
        name = rendition(stem, width, format)
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))
    return rendition(stem, MASTER[0], "webp")


def delete(name: str) -> None:
    """Delete every rendition of the upload that ``Photo.image`` names; the sample's stay."""
    if name.startswith("photos/"):
        for format, widths in FORMATS.items():
            for width in widths:
                default_storage.delete(rendition(_stem(name), width, format))


def url(name: str, width: int, format: str) -> str:
    """Give the address of one rendition of the picture that ``Photo.image`` names.

    Raises ValueError if there is no such rendition (FORMATS lists them).
    """
    if width not in FORMATS.get(format, ()):
        raise ValueError(f"no rendition is {width} pixels wide in {format}")
    wanted = rendition(_stem(name), width, format)
    return _shipped(wanted) if name.startswith("sample/") else default_storage.url(wanted)


@cache
def _shipped(name: str) -> str:
    """The files come with the code, so their hashed names hold as long as the process does.

    Looking up the 168 of an index page was a quarter of the page's cost.
    """
    return static(f"lettings/{name}")


def srcset(name: str, format: str) -> str:
    """Give the ``srcset`` of every width in that format: "... 480w, ... 960w, ... 1440w"."""
    return ", ".join(f"{url(name, width, format)} {width}w" for width in FORMATS[format])


def rendition(stem: str, width: int, format: str) -> str:
    """Give the name of one file of a picture.

    >>> rendition("sample/silo-studio", 480, "avif")
    'sample/silo-studio-480.avif'
    """
    return f"{stem}-{width}.{format}"


def _stem(name: str) -> str:
    return name.rpartition("-")[0]
