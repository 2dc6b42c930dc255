"""The sitemap of profiles."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from .models import Profile


class ProfileSitemap(Sitemap):
    """Every public profile, in pages small enough to render while a robot waits."""

    limit = 5000

    def items(self) -> QuerySet[Profile]:
        """Return them in an order that stays the same while a robot reads page after page."""
        return (
            Profile.objects.public().select_related("user").only("user__username").order_by("pk")
        )
