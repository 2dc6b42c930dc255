"""The site's own rate limits that must hold: one row each, in the database."""

from __future__ import annotations

import math
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .models import RateLimit, digest

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@transaction.atomic
def hit(name: str, limit: int, window: timedelta) -> int:
    """Count one use of ``name``; return 0 if allowed, else the seconds until one is.

    At most ``limit`` uses are allowed in any ``window``, which slides. Refused uses are not
    counted: further attempts do not prolong the wait. Concurrent calls run one after the other,
    so that no more than ``limit`` pass.
    """
    now = timezone.now()
    key, end = digest(f"hits:{name}"), now + window
    RateLimit.objects.bulk_create(
        [RateLimit(key=key, value=[], expires_at=end)], ignore_conflicts=True
    )
    row = RateLimit.objects.select_for_update().get(pk=key)
    moment, length = now.timestamp(), window.total_seconds()
    used = [use for use in row.value if use > moment - length]
    if len(used) >= limit:
        return max(1, math.ceil(used[-limit] + length - moment))
    row.value, row.expires_at = [*used, moment], end
    row.save(update_fields=["value", "expires_at"])
    return 0


def forget(name: str) -> None:
    """Let ``name`` begin anew."""
    RateLimit.objects.filter(pk=digest(f"hits:{name}")).delete()
