"""What is done to a whole letting: on the public pages, off them, gone."""

from __future__ import annotations

from datetime import datetime

from ..models import Letting


def publish(letting: Letting, now: datetime) -> bool:
    """Make it public, as it was when it was last; tell whether it wasn't."""
    waiting = Letting.objects.filter(pk=letting.pk).exclude(published_at__lte=now)
    return bool(waiting.update(published_at=now))


def unpublish(letting: Letting) -> bool:
    """Take it from the public pages, with nothing lost; tell whether it was there."""
    public = Letting.objects.filter(pk=letting.pk, published_at__isnull=False)
    return bool(public.update(published_at=None))


def delete(letting: Letting) -> None:
    """Delete it with its address, its pictures and its draft."""
    letting.address.delete()
