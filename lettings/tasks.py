"""What goes on behind the pages of lettings: the sizes and formats of pictures."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task

from background.jobs import job

from . import pictures
from .models import Photo

logger = logging.getLogger(__name__)

# A picture takes seconds, a job has minutes; the next run takes the others.
MOST = 30


@shared_task
def make_renditions(photo_id: int) -> None:
    """Make every size and format of a picture; once more does no harm."""
    photo = Photo.objects.filter(pk=photo_id, is_made=False).first()
    if photo is None:
        return
    name = photo.image.name
    try:
        pictures.make(name)
    except FileNotFoundError:
        # On a machine without the disk that it was uploaded to: the page keeps its JPEG.
        logger.error("picture %s: its original is not here; is S3_BUCKET set?", name)
        return
    if not Photo.objects.filter(image=name).update(is_made=True):
        pictures.delete(name)  # it was taken away meanwhile


@job(every=timedelta(minutes=10))
def make_missing_renditions() -> None:
    """Make what a crash or a lost message left undone, the oldest first."""
    waiting = Photo.objects.filter(is_made=False).order_by("pk")
    for photo_id in list(waiting.values_list("pk", flat=True)[:MOST]):
        make_renditions(photo_id)
