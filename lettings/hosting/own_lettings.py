"""A host's own lettings: the list, and publish, unpublish, delete and discard."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.text.shown import isolated
from core.web.forms import form_page
from core.web.paging import PAGE_SIZE, page_of

from ..models import Draft, Letting
from . import drafts, publishing
from .edit import gone
from .permissions import draft_of, hosts_only, letting_of

# The page shows only the newest; older drafts open by their address.
MOST_DRAFTS = 100


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the user's lettings and drafts, newest first."""
    lettings = Letting.objects.filter(host=request.user.profile)
    public = Q(published_at__lte=timezone.now())
    counts = lettings.aggregate(
        published=Count("pk", filter=public), waiting=Count("pk", filter=~public)
    )
    rows = lettings.for_cards().select_related("draft").order_by("-pk")
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.count = counts["published"] + counts["waiting"]
    every = Draft.objects.filter(host=request.user.profile, letting=None)
    latest = list(every.order_by("-updated_at")[: MOST_DRAFTS + 1])
    counts["drafts"] = len(latest) if len(latest) <= MOST_DRAFTS else every.count()
    context = {
        "counts": counts,
        "drafts": latest[:MOST_DRAFTS],
        "page": page_of(paginator, request.GET.get("page")),
    }
    return render(request, "lettings/own_lettings.html", context)


@hosts_only(letting_of)
@require_POST
def publish(request: HttpRequest, letting: Letting) -> HttpResponse:
    """Publish a letting as it was when it was last public."""
    if publishing.publish(letting, timezone.now()):
        messages.success(
            request, _("“%(title)s” is published.") % {"title": isolated(letting.title)}
        )
    return redirect("lettings:own_lettings")


@hosts_only(letting_of)
@require_POST
def unpublish(request: HttpRequest, letting: Letting) -> HttpResponse:
    """Remove a letting from the public pages; nothing of it is deleted."""
    if publishing.unpublish(letting):
        words = _("“%(title)s” is no longer public. You can publish it again at any time.")
        messages.success(request, words % {"title": isolated(letting.title)})
    return redirect("lettings:own_lettings")


@hosts_only(letting_of)
@form_page
def delete(request: HttpRequest, letting: Letting) -> HttpResponse:
    """Ask once, then delete a letting with its address, its pictures and its draft."""
    if request.method == "POST":
        publishing.delete(letting)
        messages.success(
            request, _("“%(title)s” is deleted.") % {"title": isolated(letting.title)}
        )
        return redirect("lettings:own_lettings")
    return render(request, "lettings/delete.html", {"letting": letting})


@hosts_only(draft_of)
@form_page
def discard(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Ask once, then delete a draft; its letting, if there is one, stays unchanged."""
    if request.method == "POST":
        try:
            drafts.discard(draft)
        except drafts.Gone:
            return gone(request)
        messages.success(
            request, _("The draft of “%(title)s” is deleted.") % {"title": isolated(draft)}
        )
        return redirect("lettings:own_lettings")
    return render(request, "lettings/discard.html", {"draft": draft})
