"""Has the files of a picture made when a photo comes, and deletes them when none shows it more."""

from __future__ import annotations

from django.db import transaction

from background import after_commit

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

    # Photos may share a file: the name of an upload once came from its content.
    if not Photo.objects.filter(image=name).exists():
        pictures.delete(name)
