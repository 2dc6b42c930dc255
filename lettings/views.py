"""The public pages of lettings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from oc_lettings_site.pagecache import public_page

from .listing import listing
from .models import Letting


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Published lettings: search, filters, order, 24 a page."""
    return render(request, "lettings/index.html", listing(request))


@public_page
def letting(request: HttpRequest, letting_id: int) -> HttpResponse:
    """One letting; a draft is shown to staff alone."""
    lettings = Letting.objects.select_related("address", "host__user")
    if not request.user.is_staff:
        lettings = lettings.published()
    found = get_object_or_404(lettings, pk=letting_id)
    return render(request, "lettings/letting.html", {"letting": found})
