"""The pages that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.pagecache import public_page
from core.web.errors import too_many_requests
from lettings.models import Letting
from ratelimits.hits import MINUTE, hit

SENTRY_DEBUG_A_MINUTE = 3


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Show the home page: a search box, the newest lettings, and their states."""
    published = Letting.objects.published()
    # A limited number: all states while there are few lettings, nearly all when there are many.
    states = published.filter(address__country_iso_code="USA").newest()
    recent = states.values_list("address__state", flat=True)[:500]
    return render(
        request,
        "index.html",
        {"lettings": published.for_cards().newest()[:6], "states": set(recent)},
    )


@require_safe
def sentry_debug(request: HttpRequest) -> HttpResponse:
    """Raise ZeroDivisionError on purpose, to see that an error arrives in Sentry.

    Each error uses the project's quota: allow a few per minute, for all visitors together.
    """
    seconds = hit("sentry-debug", SENTRY_DEBUG_A_MINUTE, MINUTE)
    if seconds:
        return too_many_requests(seconds)
    return HttpResponse(1 / 0)
