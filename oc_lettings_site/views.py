"""The pages that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lettings.models import Letting
from oc_lettings_site.pagecache import public_page


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Home: what this is, a search box, the newest lettings, and where the newest ones are."""
    published = Letting.objects.published()
    # A bounded look back: all states while there are few lettings, nearly all when there are many.
    states = published.filter(address__country_iso_code="USA").newest()
    recent = states.values_list("address__state", flat=True)[:500]
    return render(
        request,
        "index.html",
        {"lettings": published.for_cards().newest()[:6], "states": set(recent)},
    )
