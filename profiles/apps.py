from django.apps import AppConfig
from django.contrib.auth import get_user_model

from oc_lettings_site import pagecache


class ProfilesConfig(AppConfig):
    """Profiles: who lets and who stays."""

    name = "profiles"

    def ready(self) -> None:
        pagecache.watch(*self.get_models())
        # A sign-in writes the first, and sometimes a stronger hash; no page shows either.
        pagecache.watch(get_user_model(), ignoring=("last_login", "password"))
