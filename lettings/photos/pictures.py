"""Pictures of lettings: checked, cropped to 3:2, and stored in the sizes and formats of the pages.

A picture has a stem and several files (renditions), ``<stem>-<width>.<format>``. Uploads are in
the default storage under ``photos/``. The private originals, which renditions are made of, are
under ``originals/``. The pictures of the sample data are static files; their names begin with
``sample/``.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.templatetags.static import static

from core.files.images.process import render
from core.files.storage import said_if_it_fails
from core.files.uploads import render_upload

WIDTHS = (480, 960, 1440)
# One JPEG is enough for link previews, and for browsers that know neither AVIF nor WebP.
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
# The rendition that pages show at once; a background job makes the others. The file that
# Photo.image names, WebP in full size, is stored at once too, because Django measures it.
FIRST = (960, "jpg")
# For lossless WebP, quality is effort. 0 takes a quarter of a second, for the same size as 100.
ORIGINAL = {"format": "WEBP", "lossless": True, "method": 0, "quality": 0}


@dataclass(frozen=True)
class Upload:
    """The files of an upload, cropped to 3:2, that are stored at once."""

    original: bytes
    full: bytes  # WebP
    first: bytes  # in the size and format of FIRST


def open_upload(file: BinaryIO) -> Upload:
    """Return an upload's files to store; raise ValidationError or Busy (core.files.uploads)."""
    width, format = FIRST
    renditions = [
        (MASTER, ORIGINAL),
        (MASTER, options("webp")),
        (size(width), options(format)),
    ]
    return Upload(*render_upload(file, MASTER, renditions))


def open_ahead(file: UploadedFile) -> None:
    """Do what ``open_upload`` does, for ``opened`` to return; raise Busy.

    Call it before a transaction begins around the rest of a request: a picture takes seconds, in
    which nobody else could write to SQLite.
    """
    try:
        file.opened = open_upload(file)
    except ValidationError as error:
        file.opened = error


def opened(file: UploadedFile) -> Upload:
    """Return what ``open_upload`` gives, or gave ``open_ahead``; raise what it raises."""
    found = getattr(file, "opened", None) or open_upload(file)
    if isinstance(found, ValidationError):
        raise found
    return found


def size(width: int) -> tuple[int, int]:
    """Return width and height of a rendition, in pixels."""
    return width, width * 2 // 3


def options(format: str, quality: dict[str, int] = QUALITY) -> dict[str, Any]:
    """Return a format's options for saving; ``quality`` is 0 to 100, on its encoder's scale."""
    return OPTIONS[format] | {"quality": quality[format]}


def keep(upload: Upload) -> str:
    """Store what ``open_upload`` returned; return the name for ``Photo.image``.

    ``make`` does the rest, which takes seconds. The name is new each time: a file may be cached
    for ever, and deleting a picture never touches a second upload of the same one.
    Raise OSError if the storage fails; then no file is left behind.
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
    """Make all renditions of a stored picture; raise FileNotFoundError if its original is gone.

    Existing files stay, so it may run twice. Raise Busy if no picture can be decoded just now.
    """
    stem = _stem(name)
    wanted = [(width, format) for format, widths in FORMATS.items() for width in widths]
    renditions = [(size(width), options(format)) for width, format in wanted]
    with default_storage.open(original(stem)) as file:
        made = render(file, MASTER, renditions, in_background=True)
    for (width, format), content in zip(wanted, made, strict=True):
        _save(rendition(stem, width, format), content)


def original(stem: str) -> str:
    """Return the name of the private original, of which a picture's renditions are made.

    It is the checked upload: cropped, without the camera's metadata, saved without loss.

    >>> original("photos/0f")
    'originals/0f.webp'
    """
    return f"{ORIGINALS}/{stem.removeprefix('photos/')}.webp"


def _save(name: str, content: bytes) -> None:
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))


def delete(name: str) -> None:
    """Delete all files of the upload that ``Photo.image`` names; the sample's files stay.

    A file that can't be deleted is logged and does not stop the others. Only the original, the
    last one, stays then: by it ``kept`` finds the files that are left.
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
    """Return the ``Photo.image`` name of each upload that has an original; raise OSError."""
    _folders, files = default_storage.listdir(ORIGINALS)
    stems = (re.fullmatch(r"([0-9a-f]{32})\.webp", file) for file in files)
    return [rendition(f"photos/{stem[1]}", MASTER[0], "webp") for stem in stems if stem]


def kept_at(name: str) -> datetime:
    """Return when the upload that ``Photo.image`` names was stored; raise OSError."""
    return default_storage.get_modified_time(original(_stem(name)))


def url(name: str, width: int, format: str) -> str:
    """Return the address of one rendition of the picture that ``Photo.image`` names.

    Raise ValueError if there is no such rendition (FORMATS lists them).
    """
    if width not in FORMATS.get(format, ()):
        raise ValueError(f"no rendition is {width} pixels wide in {format}")
    wanted = rendition(_stem(name), width, format)
    return _shipped(wanted) if name.startswith("sample/") else default_storage.url(wanted)


@cache
def _shipped(name: str) -> str:
    """Return the address of a static file, looked up once in a process: files ship with the code.

    To look up the 168 addresses of an index page was a quarter of the page's cost.
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
