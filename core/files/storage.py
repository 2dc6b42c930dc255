"""Where uploaded pictures are stored: on this machine's disk, or in an S3 bucket."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from ..env import Env

logger = logging.getLogger(__name__)

# If more files than this, and most of all, have no row, it is probably the wrong database.
FEW = 10
DISK = {
    "BACKEND": "core.files.disk.WholeFileSystemStorage",
    # The content of a name never changes: a second upload writes the same bytes.
    "OPTIONS": {"allow_overwrite": True},
}


class StorageAway(OSError):
    """The storage of pictures can't be reached; the same request will work later."""


def configure(env: Env) -> dict[str, Any]:
    """Return Django's storage for pictures, from the environment; record faults in ``env``."""
    bucket = env.str("S3_BUCKET")
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.url("S3_ENDPOINT_URL", "", ("https", "http")) or None,
        "region_name": env.str("S3_REGION", "us-east-1"),
        "access_key": env.str("S3_ACCESS_KEY_ID"),
        "secret_key": env.secret("S3_SECRET_ACCESS_KEY"),
    }
    if not bucket:
        return DISK
    for name, key in (("S3_ACCESS_KEY_ID", "access_key"), ("S3_SECRET_ACCESS_KEY", "secret_key")):
        if not options[key]:
            env.fault(
                name,
                "not set, and S3_BUCKET is",
                "the bucket takes and gives pictures only to who has its keys",
                f"export {name}=..., or: unset S3_BUCKET",
            )
    return {"BACKEND": "core.files.s3.PictureStorage", "OPTIONS": options}


def forgotten(kept: Iterable[str], shown: Iterable[str]) -> list[str]:
    """Return the stored pictures that no row names: a crash came between file and row.

    Raise RuntimeError if that would be most of them.
    """
    kept = set(kept)
    left = kept.difference(shown)
    if len(left) > max(FEW, len(kept) / 2):
        raise RuntimeError(
            f"nothing shows {len(left)} of {len(kept)} pictures: none was deleted;"
            " is this the database of that bucket, or disk?"
        )
    return sorted(left)


@contextmanager
def said_if_it_fails(name: str) -> Iterator[None]:
    """Log a file that could not be deleted, and go on: its row is gone, and other files follow."""
    try:
        yield
    except OSError:
        logger.exception("%s can't be deleted: the next night tries again", name)


def parse_media_url(text: str) -> str:
    """Return ``text`` if browsers can get pictures below it; otherwise raise ValueError."""
    parts = urlsplit(text)
    if not text.endswith("/") or parts.query or parts.fragment:
        raise ValueError(text)
    if not parts.netloc or parts.scheme not in ("https", "http") or parts.username:
        raise ValueError(text)
    return text


def origin(url: str) -> list[str]:
    """Return the host of a URL as a Content-Security-Policy names it; [] for our own host.

    >>> origin("https://cdn.example.org/media/"), origin("/media/")
    (['https://cdn.example.org'], [])
    """
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
