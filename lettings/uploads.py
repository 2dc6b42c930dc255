"""Pictures that a host adds to a draft, several at once."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from . import drafting, pictures
from .models import Draft, Photo

logger = logging.getLogger(__name__)

MOST_PICTURES = 24


def add(draft: Draft, files: Iterable[UploadedFile]) -> list[str]:
    """Add what can be a picture; give a sentence for each file that can't, with its name.

    Raises drafting.Gone if the draft was published or discarded meanwhile; no file stays then.
    """
    refusals = []
    for place, file in enumerate(files):
        try:
            add_one(draft, file, place)
        except ValidationError as error:
            refusals += error.messages
        except OSError:
            logger.exception("a picture can't be stored")
            words = _("%(file)s can't be stored just now. Try again in a minute.")
            refusals.append(words % {"file": file.name})
    return refusals


def add_one(draft: Draft, file: UploadedFile, place: int = 0) -> None:
    """Add one picture, the ``place``-th of those that were sent at once.

    Raise ValidationError, with the file's name, if that can't be; OSError if it can't be stored;
    drafting.Gone as ``add`` does.
    """
    if len(drafting.photos_of(draft)) >= MOST_PICTURES:
        words = _("%(file)s: a letting has room for %(number)d pictures.")
        raise ValidationError(words % {"file": file.name, "number": MOST_PICTURES})
    if place >= MOST_PICTURES:
        words = _("%(file)s was not looked at: add %(number)d pictures at a time.")
        raise ValidationError(words % {"file": file.name, "number": MOST_PICTURES})
    try:
        picture = pictures.open_upload(file)
    except ValidationError as error:
        words = _("%(file)s: %(reason)s")
        said = [words % {"file": file.name, "reason": reason} for reason in error.messages]
        raise ValidationError(said) from error
    _keep(draft, pictures.keep(picture))


def _keep(draft: Draft, name: str) -> None:
    width, height = pictures.MASTER
    try:
        with transaction.atomic():
            Draft.objects.select_for_update().get(pk=draft.pk)
            Photo.objects.create(
                draft=draft, image=name, width=width, height=height, is_made=False
            )
    except Draft.DoesNotExist as error:
        pictures.delete(name)
        raise drafting.Gone from error
