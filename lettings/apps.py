from django.apps import AppConfig

from oc_lettings_site import pagecache


class LettingsConfig(AppConfig):
    """Lettings: what is let, where, for how much, and its pictures."""

    name = "lettings"

    def ready(self) -> None:
        pagecache.watch(*self.get_models())
