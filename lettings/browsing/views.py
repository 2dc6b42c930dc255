"""The public pages of lettings."""

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from core.pagecache import public_page

from ..models import Letting
from .listing import listing
from .saving import saved_by

NEAR = 3


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Show the published lettings: search, filters, order, 24 a page."""
    return render(request, "lettings/index.html", listing(request))


@public_page
def letting(request: HttpRequest, letting_id: int) -> HttpResponse:
    """Show a letting and others nearby; only its host and staff see a draft."""
    now = timezone.now()
    lettings = Letting.objects.select_related("address", "host__user")
    found = get_object_or_404(lettings.visible_to(request.user, now), pk=letting_id)
    near = list(Letting.objects.published(now).near(found)[:NEAR])
    prefetch_related_objects([found, *near], "photos")
    photos = list(found.photos.all())
    cover = photos[0] if photos else None
    return render(
        request,
        "lettings/letting.html",
        {
            "letting": found,
            "photos": photos,
            "near": near,
            "is_saved": saved_by(request, found.pk).exists(),
            "is_draft": not found.is_public(now),
            "cover_url": cover.url(960, "jpg") if cover else "",
            "cover_alt": cover.alt if cover else "",
        },
    )
