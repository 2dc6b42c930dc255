"""The job of profiles: delete avatars that no profile shows."""

from __future__ import annotations

import re
from datetime import time

from django.core.files.storage import default_storage
from django.utils import timezone

from background.jobs import for_each, job
from core.files.storage import forgotten
from core.retention import UNUSED_PICTURE

from . import avatars
from .models import Profile


@job(at=time(3, 35))
def delete_forgotten_faces() -> None:
    """Delete avatars that no profile shows, left by an interrupted upload or deletion.

    Raise RuntimeError, and delete nothing, if that would be most of the files.
    """
    shown = Profile.objects.exclude(picture="").values_list("picture", flat=True)
    before = timezone.now() - UNUSED_PICTURE

    def delete(name: str) -> None:
        if default_storage.get_modified_time(name) < before:
            default_storage.delete(name)

    for_each(forgotten(_kept(), shown), delete)


def _kept() -> list[str]:
    _folders, files = default_storage.listdir("faces")
    names = (f"faces/{file}" for file in files)
    return [name for name in names if re.fullmatch(avatars.NAME, name)]
