"""What of the lettings search engines should know."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from ..models import Letting


class LettingSitemap(Sitemap):
    """Every published letting, in pages small enough to be made while a robot waits."""

    limit = 5000

    def items(self) -> QuerySet[Letting]:
        """Return them in an order that doesn't move while a robot reads page after page."""
        return Letting.objects.published().only("pk").order_by("pk")
