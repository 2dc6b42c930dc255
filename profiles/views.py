"""The public pages of profiles."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.pagecache import public_page
from core.text.shown import isolated
from core.web import page_extensions
from core.web.forms import form_page
from core.web.paging import PAGE_SIZE, page_of

from .models import Follow, Profile


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Show all profiles by name."""
    profiles = Profile.objects.public().select_related("user").by_name()
    profiles = profiles.annotate(**page_extensions.annotations("profiles"))
    page = page_of(Paginator(profiles, PAGE_SIZE), request.GET.get("page"))
    return render(request, "profiles/index.html", {"page": page})


@public_page
def profile(request: HttpRequest, username: str) -> HttpResponse:
    """Show one profile, with the parts that other apps add."""
    profiles = Profile.objects.public().select_related("user")
    found = get_object_or_404(profiles, user__username=username)
    parts = page_extensions.parts("profile", request, found)
    description = _("%(name)s at Orange County Lettings")
    if found.favorite_city:
        description = _("%(name)s at Orange County Lettings, favourite city %(city)s")
    return render(
        request,
        "profiles/profile.html",
        {
            "profile": found,
            "parts": parts,
            "page_number": max([part.page for part in parts], default=1),
            "description": description % {"name": found, "city": found.favorite_city},
            "is_followed": _follows(request, found).exists(),
        },
    )


@login_required
@form_page
def follow(request: HttpRequest, username: str) -> HttpResponse:
    """Follow a host, or stop (``do=stop``).

    GET shows a page with the button, so that the sign-in page has somewhere to return to."""
    others = Profile.objects.public().exclude(user=request.user).select_related("user")
    host = get_object_or_404(others, user__username=username)
    follows = _follows(request, host)
    if request.method != "POST":
        context = {"profile": host, "is_followed": follows.exists()}
        return render(request, "profiles/follow.html", context)
    if request.POST.get("do") == "stop":
        follows.delete()
        messages.success(request, _("You no longer follow %(host)s.") % {"host": isolated(host)})
    else:
        Follow.objects.get_or_create(follower=request.user.profile, host=host)
        messages.success(request, _("You follow %(host)s.") % {"host": isolated(host)})
    return redirect(host)


def _follows(request: HttpRequest, host: Profile) -> QuerySet[Follow]:
    """Return the user's row that follows the host, if any; no query for anonymous visitors."""
    if not request.user.is_authenticated:
        return Follow.objects.none()
    return Follow.objects.filter(follower__user=request.user, host=host)
