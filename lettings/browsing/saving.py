"""A guest's own pages: the lettings they saved, and the feed of the hosts they follow."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.templatetags.texts import bdi
from core.text.shown import isolated
from core.web.forms import form_page
from core.web.paging import PAGE_SIZE, page_of

from ..models import Letting, Saved
from . import feed as feeds


def saved_by(request: HttpRequest, letting_id: int) -> QuerySet[Saved]:
    """Return the user's row for a saved letting, if any; no query for anonymous visitors."""
    if not request.user.is_authenticated:
        return Saved.objects.none()
    return Saved.objects.filter(profile__user=request.user, letting=letting_id)


@login_required
@form_page
def save(request: HttpRequest, letting_id: int) -> HttpResponse:
    """Save a letting, or remove it (``do=remove``).

    GET shows a page with the button, so that the sign-in page has somewhere to return to."""
    mine = saved_by(request, letting_id)
    if request.method == "POST" and request.POST.get("do") == "remove":
        mine.delete()  # also one that is no longer public
        messages.success(request, _("It is no longer among what you saved."))
        return redirect("lettings:saved")
    letting = get_object_or_404(Letting.objects.published(), pk=letting_id)
    if request.method != "POST":
        context = {"letting": letting, "is_saved": mine.exists()}
        return render(request, "lettings/save.html", context)
    Saved.objects.get_or_create(profile=request.user.profile, letting=letting)
    messages.success(request, _("“%(title)s” is saved.") % {"title": isolated(letting.title)})
    return redirect(letting)


@login_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """Show the saved lettings, latest first; of one that is no longer public nothing is shown."""
    rows = Saved.objects.filter(profile__user=request.user).order_by("-pk")
    rows = rows.select_related("letting__address").prefetch_related("letting__photos")
    page = page_of(Paginator(rows, PAGE_SIZE), request.GET.get("page"))
    return render(request, "lettings/saved.html", {"page": page})


@login_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Show new lettings of the followed hosts; ``?after=`` continues with older ones."""
    profile, mark = request.user.profile, request.GET.get("after", "")
    try:
        lettings, older = feeds.page(profile, timezone.now(), mark)
    except ValueError:
        messages.info(request, _("That link to a page was damaged; here is the first page."))
        return redirect("lettings:feed")
    follows = profile.follows.select_related("host__user").order_by("-pk")
    followed = list(follows[: PAGE_SIZE + 1])
    context = {
        "lettings": lettings,
        "mark": mark,
        "older": older,
        "others": len(followed) > PAGE_SIZE,
        "followed": format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            (
                (follow.host.get_absolute_url(), bdi(follow.host))
                for follow in followed[:PAGE_SIZE]
            ),
        ),
    }
    return render(request, "lettings/feed.html", context)
