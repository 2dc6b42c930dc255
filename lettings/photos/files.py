"""Signal receivers: make a saved photo's files, and delete those that no photo shows."""

from __future__ import annotations

from background import after_commit


def delete_if_unused(name: str) -> None:
    """Delete the renditions of ``name`` after the commit, unless a photo still shows them.

    A background task does it: a bucket needs one request for each of the eight files.
    """
    if name.startswith("photos/"):
        after_commit("lettings.tasks.delete_picture", name)


def photo_saved(sender: type, instance: object, **kwargs: object) -> None:
    """Receive ``post_save`` of Photo."""
    if not instance.is_made:
        after_commit("lettings.tasks.make_renditions", instance.pk)


def photo_deleted(sender: type, instance: object, **kwargs: object) -> None:
    """Receive ``post_delete`` of Photo."""
    delete_if_unused(instance.image.name)
