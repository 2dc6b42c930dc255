"""What goes on behind the pages of lettings: the sizes and formats of pictures."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from itertools import takewhile

from celery import shared_task

from background.jobs import for_each, job

from . import pictures
from .models import Photo

logger = logging.getLogger(__name__)

# A picture takes seconds, a job has minutes; the next run takes the others.
ENOUGH = 180  # seconds


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
    """Make what a crash or a lost message left undone, the oldest first.

    What can't be made holds up nothing that comes after it; the job fails at its end, with the
    first error.
    """
    end = time.monotonic() + ENOUGH
    waiting = Photo.objects.filter(is_made=False).order_by("pk").values_list("pk", flat=True)
    for_each(takewhile(lambda _: time.monotonic() <= end, list(waiting)), make_renditions)
