"""The public pages of profiles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from oc_lettings_site.pagecache import public_page

from .models import Profile


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """All profiles by name."""
    profiles = Profile.objects.select_related("user").order_by("user__username")
    return render(request, "profiles/index.html", {"profiles": profiles})


@public_page
def profile(request: HttpRequest, username: str) -> HttpResponse:
    """One profile with what they let."""
    found = get_object_or_404(Profile.objects.select_related("user"), user__username=username)
    lettings = found.lettings.published().for_cards().newest()
    return render(request, "profiles/profile.html", {"profile": found, "lettings": lettings})
