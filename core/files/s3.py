"""Pictures in an S3 bucket. Imported only where a bucket is configured: boto3 is large.

The bucket needs no public access: the site serves its pictures below ``MEDIA_URL``, or a CDN
does that may read ``photos/`` and ``faces/``. No object gets an ACL, which many servers refuse.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3File, S3Storage

from ..circuit_breaker import CircuitBreaker
from .serving import FOREVER, TYPES
from .storage import StorageAway

CLIENT = Config(
    signature_version="s3v4",
    # Two attempts stay well below the 30 s after which a router gives up.
    connect_timeout=3,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 2},
    # Not every server supports the newer checksums: https://github.com/boto/boto3/issues/4392
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


def as_os_error(method: Callable[..., Any]) -> Callable[..., Any]:
    """Raise a storage's errors as OSError, like a disk, so that callers need not distinguish.

    A bucket that does not answer may block one thread for seconds, and not every thread of the
    site: a page has about twenty pictures.
    """

    @wraps(method)
    def wrapper(self: PictureStorage, *args: Any, **kwargs: Any) -> Any:
        if self.breaker.is_open():
            raise StorageAway("the bucket: it did not answer, and is asked again in some seconds")
        try:
            with self.breaker.watch(BotoCoreError):
                return method(self, *args, **kwargs)
        except (BotoCoreError, ClientError) as error:
            raise StorageAway(f"the bucket: {error}") from error

    return wrapper


class PictureStorage(S3Storage):
    """The bucket. Public files may be cached for ever: the content of a name never changes."""

    def __init__(self, **options: Any) -> None:
        self.breaker = CircuitBreaker(pause=10.0)
        # Self-hosted servers have no DNS name for each bucket; Amazon requires one.
        style = "path" if options.get("endpoint_url") else "virtual"
        config = CLIENT.merge(Config(s3={"addressing_style": style}))
        super().__init__(client_config=config, **options)

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the URL for browsers, below MEDIA_URL: the site itself or a CDN."""
        return f"{settings.MEDIA_URL}{name}"

    def get_object_parameters(self, name: str) -> dict[str, str]:
        """Return an object's Content-Type and Cache-Control."""
        kind = TYPES.get(name.rpartition(".")[2], self.default_content_type)
        public = not name.startswith("originals/")
        return {"ContentType": kind, "CacheControl": FOREVER if public else "private, no-store"}

    @as_os_error
    def _open(self, name: str, mode: str = "rb") -> S3File:
        """Open a file and fetch its content: a later read might not raise OSError."""
        file = super()._open(name, mode)
        try:
            file.file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    _save = as_os_error(S3Storage._save)
    exists = as_os_error(S3Storage.exists)
    delete = as_os_error(S3Storage.delete)
    listdir = as_os_error(S3Storage.listdir)
    get_modified_time = as_os_error(S3Storage.get_modified_time)
