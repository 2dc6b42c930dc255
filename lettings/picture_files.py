"""Has the files of a picture made when a photo comes, and deletes them when none shows it more."""

from __future__ import annotations

from django.db import transaction

from background import after_commit
from oc_lettings_site.storage import said_if_it_fails

from . import pictures


def delete_if_unused(name: str) -> None:
    """Delete the renditions of ``name`` after the transaction, unless a photo still shows them."""
    if name.startswith("photos/"):
        transaction.on_commit(lambda: _delete(name))


def photo_saved(sender: type, instance: object, **kwargs: object) -> None:
    """Receive ``post_save`` of Photo."""
    if not instance.is_made:
        after_commit("lettings.tasks.make_renditions", instance.pk)


def photo_deleted(sender: type, instance: object, **kwargs: object) -> None:
    """Receive ``post_delete`` of Photo."""
    delete_if_unused(instance.image.name)


def _delete(name: str) -> None:
    from .models import Photo

    # The same picture may have been uploaded twice; it is stored once.
    if not Photo.objects.filter(image=name).exists():
        with said_if_it_fails(name):
            pictures.delete(name)
