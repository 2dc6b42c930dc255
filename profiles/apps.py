from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _

from core import pagecache


class ProfilesConfig(AppConfig):
    """Profiles of hosts and guests."""

    name = "profiles"
    verbose_name = _("Profiles")

    def ready(self) -> None:
        from . import avatars, names
        from .models import Profile, make_profile

        post_save.connect(
            make_profile, sender=get_user_model(), dispatch_uid="profiles.make_profile"
        )
        post_save.connect(names.rename, sender=get_user_model(), dispatch_uid="profiles.rename")
        post_migrate.connect(names.keep, sender=self, dispatch_uid="profiles.names.keep")
        post_delete.connect(
            lambda instance, **kwargs: avatars.delete_after_commit(instance.picture.name),
            sender=Profile,
            weak=False,
            dispatch_uid="profiles.avatars",
        )
        # No public page shows follows.
        # Nor a user's language or time zone.
        pagecache.watch(Profile, ignoring=("language", "time_zone"))
        # A sign-in writes last_login, and sometimes an upgraded hash; no page shows either.
        pagecache.watch(get_user_model(), ignoring=("last_login", "password"))
