"""Pictures of lettings: checked, cut to 3:2, and kept in the sizes and formats the pages ask for.

A picture is known by its stem and comes as several files, ``<stem>-<width>.<format>``. Uploads
live in the default storage under ``photos/``, and what they are made of, which nobody is shown,
under ``originals/``; the sample's pictures ship as static files, and their names begin with
``sample/``.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.templatetags.static import static

from core.files.images.process import render
from core.files.storage import said_if_it_fails
from core.files.uploads import render_upload

WIDTHS = (480, 960, 1440)
# Every browser that knows neither AVIF nor WebP, and every preview robot, takes one JPEG.
FORMATS = {"avif": WIDTHS, "webp": WIDTHS, "jpg": (960,)}
MASTER = (1440, 960)
ORIGINALS = "originals"
QUALITY = {"avif": 62, "webp": 80, "jpg": 84}
OPTIONS = {
    "avif": {"format": "AVIF", "speed": 6},
    # Method 6 saves a hundredth of the bytes, in four times the time.
    "webp": {"format": "WEBP", "method": 4},
    "jpg": {"format": "JPEG", "optimize": True, "progressive": True},
}
# What pages show from the first second: the others are made in the background. The file that
# Photo.image names, WebP in full size, is there too: Django measures it.
FIRST = (960, "jpg")
# Quality is effort here: at the least, a quarter of a second and the same size as at the most.
ORIGINAL = {"format": "WEBP", "lossless": True, "method": 0, "quality": 0}


@dataclass(frozen=True)
class Upload:
    """What a page needs at once of a picture that was uploaded and cut to 3:2: files of it."""

    original: bytes
    full: bytes  # WebP
    first: bytes  # as FIRST says


def open_upload(file: BinaryIO) -> Upload:
    """Return what is kept of an uploaded file; raise ValidationError or Busy (see uploads)."""
    width, format = FIRST
    renditions = [
        (MASTER, ORIGINAL),
        (MASTER, options("webp")),
        (size(width), options(format)),
    ]
    return Upload(*render_upload(file, MASTER, renditions))


def size(width: int) -> tuple[int, int]:
    """Return width and height of a rendition, in pixels."""
    return width, width * 2 // 3


def options(format: str, quality: dict[str, int] = QUALITY) -> dict[str, Any]:
    """Return how a format is written; ``quality`` is 0 to 100, as its encoder counts."""
    return OPTIONS[format] | {"quality": quality[format]}


def keep(upload: Upload) -> str:
    """Keep what ``open_upload`` gave; give ``Photo.image``'s name.

    ``make`` does the rest, which takes seconds. The name is new each time: what it shows may be
    cached for ever, and the deletion of a picture never meets the upload of the same.
    Raises OSError if the storage can't take it; then nothing of it stays.
    """
    stem = f"photos/{secrets.token_hex(16)}"
    name = rendition(stem, MASTER[0], "webp")
    try:
        _save(original(stem), upload.original)
        _save(name, upload.full)
        _save(rendition(stem, *FIRST), upload.first)
    except Exception:
        delete(name)
        raise
    return name


def make(name: str) -> None:
    """Make every rendition of what ``keep`` kept; raises FileNotFoundError if it is gone.

    Those that are there stay, so that it may be done twice. Raises Busy if it can't be done just
    now.
    """
    stem = _stem(name)
    wanted = [(width, format) for format, widths in FORMATS.items() for width in widths]
    renditions = [(size(width), options(format)) for width, format in wanted]
    with default_storage.open(original(stem)) as file:
        made = render(file, MASTER, renditions, in_background=True)
    for (width, format), content in zip(wanted, made, strict=True):
        _save(rendition(stem, width, format), content)


def original(stem: str) -> str:
    """Return the name of what a picture's renditions are made of, which nobody is shown.

    It is the upload as it was checked: cut, without what the camera noted, nothing lost since.

    >>> original("photos/0f")
    'originals/0f.webp'
    """
    return f"{ORIGINALS}/{stem.removeprefix('photos/')}.webp"


def _save(name: str, content: bytes) -> None:
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))


def delete(name: str) -> None:
    """Delete every rendition of the upload that ``Photo.image`` names; the sample's stay.

    A file that can't be deleted is logged, and holds up no other but the original, which is the
    last: by that ``kept`` finds what is left.
    """
    if not name.startswith("photos/"):
        return
    stem = _stem(name)
    left = 0
    for format, widths in FORMATS.items():
        for width in widths:
            file = rendition(stem, width, format)
            left += 1
            with said_if_it_fails(file):
                default_storage.delete(file)
                left -= 1
    if not left:
        with said_if_it_fails(original(stem)):
            default_storage.delete(original(stem))


def kept() -> list[str]:
    """Return what ``Photo.image`` says of each upload whose original is kept; raises OSError."""
    _folders, files = default_storage.listdir(ORIGINALS)
    stems = (re.fullmatch(r"([0-9a-f]{32})\.webp", file) for file in files)
    return [rendition(f"photos/{stem[1]}", MASTER[0], "webp") for stem in stems if stem]


def kept_at(name: str) -> datetime:
    """Return when the upload that ``Photo.image`` names was kept; raises OSError."""
    return default_storage.get_modified_time(original(_stem(name)))


def url(name: str, width: int, format: str) -> str:
    """Return the address of one rendition of the picture that ``Photo.image`` names.

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
    """Return the ``srcset`` of every width in that format: "... 480w, ... 960w, ... 1440w"."""
    return ", ".join(f"{url(name, width, format)} {width}w" for width in FORMATS[format])


def rendition(stem: str, width: int, format: str) -> str:
    """Return the name of one file of a picture.

    >>> rendition("sample/silo-studio", 480, "avif")
    'sample/silo-studio-480.avif'
    """
    return f"{stem}-{width}.{format}"


def _stem(name: str) -> str:
    return name.rpartition("-")[0]
