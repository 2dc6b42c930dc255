"""Who lets and who stays."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from . import time_zones


class ProfileQuerySet(models.QuerySet):
    """Profiles, by who may see them."""

    def public(self) -> Self:
        """Leave out who signed up and has confirmed no address.

        Anyone can sign up in any name, and would so write it on a public page. Whoever was in
        before, and the people of the site of 2021, need no confirmation.
        """
        return self.exclude(user__last_login=None, user__emailaddress__verified=False)


class Profile(models.Model):
    """What a user shows to others. Everyone has one: it is made with the user."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("user")
    )
    favorite_city = models.CharField(_("favourite city"), max_length=64, blank=True)
    about = models.TextField(
        _("about you"), max_length=2000, blank=True, default="", db_default=""
    )
    picture = models.ImageField(
        _("picture"), upload_to="faces/", blank=True, default="", db_default=""
    )
    language = models.CharField(
        _("language of our mails"),
        max_length=7,
        choices=settings.LANGUAGES,
        default="en",
        db_default="en",
    )
    # One of time_zones.names(), which change from year to year; "" while it is not known.
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, default="", db_default=""
    )

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("profile"), _("profiles")

    def __str__(self) -> str:
        return self.user.username

    def clean(self) -> None:
        """Raise ValidationError for a time zone that there is not."""
        if self.time_zone and self.time_zone not in time_zones.names():
            words = _("“%(name)s” is no time zone. Write one like America/Los_Angeles.")
            raise ValidationError({"time_zone": words % {"name": self.time_zone}})

    def get_absolute_url(self) -> str:
        """Return the path of the public page."""
        return reverse("profiles:profile", args=[self.user.username])


class Follow(models.Model):
    """Somebody wants to know what is new from a host."""

    follower = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="follows")
    host = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="followers")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("follow"), _("follows")
        constraints = [
            models.UniqueConstraint(fields=["follower", "host"], name="profiles_follow_once"),
            models.CheckConstraint(
                condition=~models.Q(follower=models.F("host")), name="profiles_follow_another"
            ),
        ]

    def __str__(self) -> str:
        words = gettext("%(follower)s follows %(host)s")
        return words % {"follower": self.follower_id, "host": self.host_id}


def make_profile(instance: Any, created: bool, raw: bool, using: str, **kwargs: object) -> None:
    """Receive ``post_save`` of the user model: a new user gets a profile, once.

    Mails will speak the language of the page on which somebody signed up.
    """
    if created and not raw:  # raw: a fixture, which brings its own profiles
        defaults = {"language": get_language() or settings.LANGUAGE_CODE}
        Profile.objects.using(using).get_or_create(user=instance, defaults=defaults)
