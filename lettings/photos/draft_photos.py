"""Add uploaded pictures to a draft, several at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import pagecache
from core.files.images.decoder_lock import Busy

from ..hosting import drafts
from ..models import Draft, Photo
from . import pictures

logger = logging.getLogger(__name__)

MOST_PICTURES = 24
# Heroku's router ends a request after 30 s, and the last picture may take its full time limit.
ENOUGH = 10  # seconds


def add(draft: Draft, files: Iterable[UploadedFile]) -> list[str]:
    """Add the valid pictures; return a sentence with its name for each file that was refused.

    Raise drafts.Gone if the draft was published or discarded meanwhile; no file is stored then.
    Raise Busy if not even the first picture can be decoded just now.
    """
    refusals = []
    end = time.monotonic() + ENOUGH
    for place, file in enumerate(files):
        try:
            _check_place(draft, file, place, is_late=time.monotonic() > end)
            add_one(draft, file, open_one(file))
        except ValidationError as error:
            refusals += error.messages
        except Busy:
            if not place:
                raise
            end = 0.0
            words = _("%(file)s: the site is at work on other pictures. Add it again in a minute.")
            refusals.append(words % {"file": file.name})
        except OSError:
            logger.exception("a picture can't be stored")
            words = _("%(file)s can't be stored just now. Try again in a minute.")
            refusals.append(words % {"file": file.name})
    return refusals


def open_one(file: UploadedFile) -> pictures.Upload:
    """Return the files to store of an upload; raise ValidationError, with its name, if invalid.

    It takes seconds. Raise Busy if no picture can be decoded just now.
    """
    try:
        return pictures.opened(file)
    except ValidationError as error:
        words = _("%(file)s: %(reason)s")
        said = [words % {"file": file.name, "reason": reason} for reason in error.messages]
        raise ValidationError(said) from error


def add_one(draft: Draft, file: UploadedFile, upload: pictures.Upload) -> None:
    """Add one opened picture.

    Raise ValidationError, with the file's name, if the draft is full; OSError if it can't be
    stored; drafts.Gone as ``add`` does.
    """
    _check_place(draft, file)
    _keep(draft, pictures.keep(upload))


def _check_place(
    draft: Draft, file: UploadedFile, place: int = 0, *, is_late: bool = False
) -> None:
    """Raise ValidationError if a file, number ``place`` of those sent at once, is one too many."""
    if len(drafts.photos_of(draft)) >= MOST_PICTURES:
        words = _("%(file)s: a letting has room for %(number)d pictures.")
        raise ValidationError(words % {"file": file.name, "number": MOST_PICTURES})
    if place >= MOST_PICTURES or is_late:
        words = _("%(file)s was not looked at: add %(number)d pictures at a time.")
        raise ValidationError(words % {"file": file.name, "number": max(1, place)})


def _keep(draft: Draft, name: str) -> None:
    width, height = pictures.MASTER
    try:
        with transaction.atomic():
            Draft.objects.select_for_update().get(pk=draft.pk)
            with pagecache.keep_pages():
                Photo.objects.create(
                    draft=draft, image=name, width=width, height=height, is_made=False
                )
    except Draft.DoesNotExist as error:
        pictures.delete(name)
        raise drafts.Gone from error
