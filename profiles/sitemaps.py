"""What of the profiles search engines should know."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from .models import Profile


class ProfileSitemap(Sitemap):
    """Every profile, in pages small enough to be made while a robot waits."""

    limit = 5000

    def items(self) -> QuerySet[Profile]:
        """Return them in an order that doesn't move while a robot reads page after page."""
        return (
            Profile.objects.public().select_related("user").only("user__username").order_by("pk")
        )
