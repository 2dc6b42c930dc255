"""The list of a host's lettings on their profile page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest

from core.web.paging import PAGE_SIZE, page_of
from core.web.page_extensions import Part
from profiles.models import Profile


def lettings_of_host(request: HttpRequest, host: Profile) -> Part:
    """Return the page of the host's public lettings that ``?page=`` asks for, newest first."""
    lettings = host.lettings.published().for_cards().newest()
    page = page_of(Paginator(lettings, PAGE_SIZE), request.GET.get("page"))
    return Part("lettings/_host_lettings.html", {"profile": host, "page": page}, page.number)
