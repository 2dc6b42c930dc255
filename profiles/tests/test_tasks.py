"""The job that deletes avatars that no profile shows."""

import os
import time

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.files import storage
from profiles.tasks import delete_forgotten_faces

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(settings, tmp_path):
    """Return a function that stores an avatar of that age in days and returns its name."""
    settings.MEDIA_ROOT = tmp_path

    def keep_one(letter, days=2):
        name = default_storage.save(f"faces/{letter * 32}.webp", ContentFile(b"RIFF"))
        then = time.time() - days * 86_400
        os.utime(default_storage.path(name), (then, then))
        return name

    return keep_one


def test_what_no_profile_shows_goes_after_a_day(keep):
    profile = get_user_model().objects.create_user("ada").profile
    profile.picture = keep("a")
    profile.save()
    left, fresh = keep("b"), keep("c", days=0)
    other = default_storage.save("faces/notes.txt", ContentFile(b"?"))
    delete_forgotten_faces()
    assert not default_storage.exists(left)
    assert all(map(default_storage.exists, (profile.picture.name, fresh, other)))


def test_a_wrong_database_deletes_nothing(keep):
    names = [keep(letter) for letter in "0123456789abcdef"[: storage.FEW + 1]]
    with pytest.raises(RuntimeError, match="nothing shows 11 of 11"):
        delete_forgotten_faces()
    assert all(map(default_storage.exists, names))


def test_where_nothing_was_kept_so_far(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    delete_forgotten_faces()
