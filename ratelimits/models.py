"""What rate limits remember."""

from __future__ import annotations

from django.db import models
from django.utils.crypto import salted_hmac


class RateLimit(models.Model):
    """What one rate limit has counted, until that is over.

    The key is a digest: whom it counts can't be read from it, and it has one length whatever
    somebody typed.
    """

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "rate limit"
        verbose_name_plural = "rate limits"
        default_permissions = ()  # nobody edits these by hand
        indexes = [models.Index(fields=["expires_at"], name="ratelimits_expires_at")]

    def __str__(self) -> str:
        return self.key[:8]


def digest(name: str) -> str:
    """Return the key of the limit of that name."""
    return salted_hmac("ratelimits", name, algorithm="sha256").hexdigest()
