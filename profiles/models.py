"""Profiles, and who follows whom."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.text.fields import ComparedField

from . import time_zones


class ProfileQuerySet(models.QuerySet):
    """Profiles, by visibility."""

    def public(self) -> Self:
        """Return all but the profiles of users who signed up and confirmed no address.

        Otherwise anyone could sign up and so put any name on a public page. Users who have
        signed in before, and those of the site of 2021, need no confirmation.
        """
        return self.exclude(user__last_login=None, user__emailaddress__verified=False)

    def by_name(self) -> Self:
        """Return them by user name, whatever its capitals and accents; the id breaks ties."""
        return self.order_by("compared_name", "pk")


class Profile(models.Model):
    """What a user shows to others. It is created with the user, so every user has one."""

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
    # One of time_zones.names(), which change from year to year; "" while unknown.
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, default="", db_default=""
    )

    # As profiles/names.py says; empty only in a row of an older release.
    compared_name = ComparedField(of="user.username", max_length=180, unique=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("profile"), _("profiles")

    def __str__(self) -> str:
        return self.user.username

    def clean(self) -> None:
        """Raise ValidationError for an unknown time zone."""
        if self.time_zone and self.time_zone not in time_zones.names():
            words = _("“%(name)s” is no time zone. Write one like America/Los_Angeles.")
            raise ValidationError({"time_zone": words % {"name": self.time_zone}})

    def get_absolute_url(self) -> str:
        """Return the path of the public page."""
        return reverse("profiles:profile", args=[self.user.username])


class Follow(models.Model):
    """A user follows a host, whose new lettings are in the user's feed."""

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
    """Receive ``post_save`` of the user model: create the profile of a new user.

    Its language, for mails, is that of the page on which the user signed up. Raise IntegrityError,
    and take the user back, if another user's name is the same but for capitals and accents.
    """
    if created and not raw:  # raw: a fixture, which has its own profiles
        defaults = {"language": get_language() or settings.LANGUAGE_CODE}
        try:
            with transaction.atomic(using=using):
                Profile.objects.using(using).get_or_create(user=instance, defaults=defaults)
        except IntegrityError:
            type(instance)._base_manager.using(using).filter(pk=instance.pk).delete()
            raise
