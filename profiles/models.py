"""Who lets and who stays."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class Profile(models.Model):
    """What a user shows to others."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    favorite_city = models.CharField("favourite city", max_length=64, blank=True)

    def __str__(self) -> str:
        return self.user.username

    def get_absolute_url(self) -> str:
        """Give the path of the public page."""
        return reverse("profiles:profile", args=[self.user.username])
