"""The public pages of profiles."""

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from oc_lettings_site.pagecache import public_page

from .models import Profile
from .paging import page_of

PAGE_SIZE = 24


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """All profiles by name."""
    hosts = Profile.objects.filter(pk=OuterRef("pk"), lettings__published_at__lte=timezone.now())
    profiles = (
        Profile.objects.public()
        .select_related("user")
        .annotate(lets=Exists(hosts))
        .order_by("user__username")
    )
    page = page_of(Paginator(profiles, PAGE_SIZE), request.GET.get("page"))
    return render(request, "profiles/index.html", {"page": page})


@public_page
def profile(request: HttpRequest, username: str) -> HttpResponse:
    """One profile with what they let."""
    public = Q(lettings__published_at__lte=timezone.now())
    profiles = (
        Profile.objects.public()
        .select_related("user")
        .annotate(letting_count=Count("lettings", filter=public))
    )
    found = get_object_or_404(profiles, user__username=username)
    paginator = Paginator(found.lettings.published().for_cards().newest(), PAGE_SIZE)
    paginator.count = found.letting_count
    page = page_of(paginator, request.GET.get("page"))
    description = f"{found.user.username} at Orange County Lettings"
    if found.favorite_city:
        description += f", favourite city {found.favorite_city}"
    return render(
        request,
        "profiles/profile.html",
        {"profile": found, "page": page, "description": description},
    )
