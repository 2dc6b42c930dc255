"""A cache in the database that drops no entry before it expires, for limits that must hold.

django-allauth counts in Django's default cache, and remembers there which codes were used
(https://docs.allauth.org/en/latest/common/rate_limits.html). A cache in memory is separate for
each process and drops entries when it is full, which anybody can cause; one in Redis is lost with
Redis. Django's own cache in the database drops entries at random once there are too many
(https://docs.djangoproject.com/en/5.2/topics/cache/#cache-arguments, MAX_ENTRIES).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from .models import RateLimit, digest


class RateLimitCache(BaseCache):
    """Django's cache interface, for JSON values that expire."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store a value unless there is one; of several callers at once, only one gets True."""
        kept = {"value": value, "expires_at": self._end(timeout)}
        if self._rows(key, version).filter(expires_at__lte=timezone.now()).update(**kept):
            return True
        try:
            with transaction.atomic():
                RateLimit.objects.create(key=self._digest(key, version), **kept)
        except IntegrityError:
            return False
        return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or the default if there is none or it has expired."""
        found = self._rows(key, version).filter(expires_at__gt=timezone.now())
        return next(iter(found.values_list("value", flat=True)), default)

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Store a value, replacing any other."""
        row = RateLimit(key=self._digest(key, version), value=value, expires_at=self._end(timeout))
        RateLimit.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["value", "expires_at"],
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Change when a value expires; return whether there is one."""
        found = self._rows(key, version).filter(expires_at__gt=timezone.now())
        return bool(found.update(expires_at=self._end(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Delete a value; return whether there was one."""
        return bool(self._rows(key, version).delete()[0])

    def clear(self) -> None:
        """Delete everything."""
        RateLimit.objects.all().delete()

    def _digest(self, key: str, version: int | None) -> str:
        return digest(self.make_key(key, version))

    def _rows(self, key: str, version: int | None) -> QuerySet[RateLimit]:
        return RateLimit.objects.filter(key=self._digest(key, version))

    def _end(self, timeout: Any) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return timezone.now() + timedelta(seconds=seconds)
