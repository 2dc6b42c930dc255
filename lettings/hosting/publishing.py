"""Publish, unpublish and delete a letting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ..models import Draft, Letting
from ..cache_invalidation import keep_pages_if_private


def publish(letting: Letting, now: datetime) -> bool:
    """Publish it as it was when it was last public; return whether that changed anything."""
    waiting = Letting.objects.filter(pk=letting.pk).exclude(published_at__lte=now)
    return bool(waiting.update(published_at=now))


def unpublish(letting: Letting) -> bool:
    """Remove it from the public pages and keep all data; return whether it was public."""
    public = Letting.objects.filter(pk=letting.pk, published_at__isnull=False)
    return bool(public.update(published_at=None))


def delete(letting: Letting) -> None:
    """Delete the letting with its address, its pictures and its draft."""
    with transaction.atomic():
        # In the order of ``drafts.publish``, or the two could wait for each other.
        Draft.objects.select_for_update().filter(letting=letting).first()
        with keep_pages_if_private(letting):
            letting.address.delete()
