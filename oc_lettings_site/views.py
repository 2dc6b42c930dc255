"""The pages that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lettings.models import Letting
from oc_lettings_site.pagecache import public_page


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Home: what this is, a search box, and the newest lettings."""
    lettings = Letting.objects.published().for_cards().newest()[:6]
    return render(request, "index.html", {"lettings": lettings})
