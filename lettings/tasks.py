"""The background tasks and jobs of lettings: they make and delete the files of pictures."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import time as time_of_day
from datetime import timedelta
from itertools import takewhile

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from background.jobs import for_each, job
from background.timing import TASK_SECONDS
from core import pagecache
from core.files.images.decoder_lock import Busy
from core.files.storage import forgotten
from core.retention import UNUSED_PICTURE

from . import search
from .models import Letting, Photo
from .photos import pictures
from .cache_invalidation import keep_pages_if_private

logger = logging.getLogger(__name__)

# A picture takes seconds, and the task must end before it is stopped. The next run does the rest.
ENOUGH = TASK_SECONDS - 120


@shared_task
def make_renditions(photo_id: int) -> None:
    """Make every size and format of a picture; running it twice does no harm."""
    photo = Photo.objects.filter(pk=photo_id, is_made=False).first()
    if photo is None:
        return
    name = photo.image.name
    try:
        pictures.make(name)
    except Busy as error:
        logger.info("picture %s waits for the sweep: %s", name, error)
        return
    except FileNotFoundError:
        # This machine lacks the disk that it was uploaded to. The page keeps the JPEG.
        logger.error("picture %s: its original is not here; is S3_BUCKET set?", name)
        return
    if not _note_made(name):
        pictures.delete(name)  # the photo was deleted meanwhile


def _note_made(name: str) -> bool:
    """Note that every file of a picture is there; return whether a photo still shows it.

    Those of drafts first: one that is published meanwhile is found among the lettings' then.
    """
    with transaction.atomic(), pagecache.keep_pages():
        photos = Photo.objects.filter(image=name, letting=None).update(is_made=True)
    for letting in Letting.objects.filter(photos__image=name).distinct():
        with transaction.atomic(), keep_pages_if_private(letting):
            photos += letting.photos.filter(image=name).update(is_made=True)
    return photos > 0


@job(every=timedelta(minutes=10))
def make_missing_renditions() -> None:
    """Make the renditions that a crash or a lost message left undone, the oldest first.

    A picture that fails does not stop the next ones; at its end the job fails with the first
    error.
    """
    waiting = Photo.objects.filter(is_made=False).order_by("pk").values_list("pk", flat=True)
    for_each(_in_time(list(waiting)), make_renditions)


@shared_task
def delete_picture(name: str) -> None:
    """Delete the files of a picture, unless a photo's ``image`` still has its name."""
    # Photos may share a file: names of uploads were once made from the content.
    if not Photo.objects.filter(image=name).exists():
        pictures.delete(name)


@job(at=time_of_day(3, 30))
def delete_forgotten_pictures() -> None:
    """Delete files that no photo shows, left by an interrupted upload or deletion.

    Raise RuntimeError, and delete nothing, if that would be most of the files.
    """
    kept = pictures.kept()
    shown = Photo.objects.filter(image__startswith="photos/").values_list("image", flat=True)
    yesterday = timezone.now() - UNUSED_PICTURE

    def delete(name: str) -> None:
        if pictures.kept_at(name) < yesterday:
            delete_picture(name)

    for_each(_in_time(forgotten(kept, shown)), delete)


@job(every=timedelta(minutes=1))
def index_words() -> None:
    """Read the words of lettings into the search's index that psql or an older release wrote."""
    search.learn(connection)


def _in_time(items: Iterable) -> Iterator:
    end = time.monotonic() + ENOUGH
    return takewhile(lambda _: time.monotonic() <= end, items)
