"""The sitemap of lettings."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from ..models import Letting


class LettingSitemap(Sitemap):
    """Every published letting, in pages small enough to render while a robot waits."""

    limit = 5000

    def items(self) -> QuerySet[Letting]:
        """Return them in an order that stays the same while a robot reads page after page."""
        return Letting.objects.published().only("pk").order_by("pk")
