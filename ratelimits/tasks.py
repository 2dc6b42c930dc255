"""The job of rate limits."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from background.jobs import job

from .models import RateLimit


@job(every=timedelta(minutes=15))
def forget_what_is_over() -> None:
    """Delete expired counts."""
    RateLimit.objects.filter(expires_at__lte=timezone.now()).delete()
