from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate

from oc_lettings_site import pagecache


class LettingsConfig(AppConfig):
    """Lettings: what is let, where, for how much, and its pictures."""

    name = "lettings"

    def ready(self) -> None:
        from . import cleanup, search

        # No public page shows a draft: typing one must not empty the cache.
        pagecache.watch(*(self.get_model(name) for name in ("Address", "Letting", "Photo")))
        post_migrate.connect(search.keep, sender=self, dispatch_uid="lettings.search.keep")
        post_delete.connect(
            cleanup.photo_deleted, sender="lettings.Photo", dispatch_uid="lettings.cleanup"
        )
