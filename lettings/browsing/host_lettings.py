"""What somebody lets, as a part of their profile's page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest

from core.web.paging import page_of
from core.web.slots import Part
from profiles.models import Profile

PAGE_SIZE = 24


def lettings_of_host(request: HttpRequest, host: Profile) -> Part:
    """Return the host's public lettings, newest first, the page that ``?page=`` asks for."""
    lettings = host.lettings.published().for_cards().newest()
    page = page_of(Paginator(lettings, PAGE_SIZE), request.GET.get("page"))
    return Part("lettings/_host_lettings.html", {"profile": host, "page": page}, page.number)
