"""The stored counts of rate limits."""

from __future__ import annotations

from django.db import models
from django.utils.crypto import salted_hmac


class RateLimit(models.Model):
    """The counts of one rate limit, until they expire.

    The key is a digest: it does not reveal whom it counts, and has a fixed length for any input.
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
    """Return the key of a limit's name."""
    return salted_hmac("ratelimits", name, algorithm="sha256").hexdigest()
