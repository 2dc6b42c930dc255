from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _

from core import pagecache


class LettingsConfig(AppConfig):
    """Lettings: what is let, where, for how much, and its pictures."""

    name = "lettings"
    verbose_name = _("Lettings")

    def ready(self) -> None:
        from core.web import page_extensions

        from . import search
        from .browsing.host_lettings import is_host, lettings_of_host
        from .photos import files

        page_extensions.extend("profile", lettings_of_host)
        page_extensions.annotate("profiles", is_host=is_host)
        # No public page shows a draft, so saving one must not empty the cache.
        pagecache.watch(*(self.get_model(name) for name in ("Address", "Letting", "Photo")))
        post_migrate.connect(search.keep, sender=self, dispatch_uid="lettings.search.keep")
        photo = self.get_model("Photo")
        post_save.connect(files.photo_saved, photo, dispatch_uid="lettings.make")
        post_delete.connect(files.photo_deleted, photo, dispatch_uid="lettings.cleanup")
