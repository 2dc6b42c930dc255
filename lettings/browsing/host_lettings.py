"""What the pages of profiles show of lettings: who lets, and the list of a host's lettings."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from core.web.paging import PAGE_SIZE, page_of
from core.web.page_extensions import Part
from profiles.models import Profile

from ..models import Letting


def lettings_of_host(request: HttpRequest, host: Profile) -> Part:
    """Return the page of the host's public lettings that ``?page=`` asks for, newest first."""
    lettings = host.lettings.published().for_cards().newest()
    page = page_of(Paginator(lettings, PAGE_SIZE), request.GET.get("page"))
    return Part("lettings/_host_lettings.html", {"profile": host, "page": page}, page.number)


def is_host() -> Exists:
    """Return whether a profile has a public letting, as an annotation of profiles."""
    return Exists(Letting.objects.published().filter(host=OuterRef("pk")))
