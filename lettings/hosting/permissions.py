"""Who may work on what: everyone on their own, staff on all, and to others it is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from ..models import Draft, Letting

View = Callable[..., HttpResponse]


def hosts_only(find: Callable[..., Any]) -> Callable[[View], View]:
    """Return a view what ``find`` finds in the place of its id.

    Looked for before anything else, the verb included, so that no answer tells a stranger from
    a wrong number. Who is not signed in is asked to, whatever the number.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def wrapper(request: HttpRequest, **ids: int) -> HttpResponse:
            return view(request, find(request, **ids))

        return wrapper

    return decorate


def letting_of(request: HttpRequest, letting_id: int) -> Letting:
    """Return a letting that who asks may change; raises Http404."""
    lettings = Letting.objects.run_by(request.user).select_related("address", "host__user")
    return get_object_or_404(lettings, pk=letting_id)


def draft_of(request: HttpRequest, draft_id: int) -> Draft:
    """Return a draft that the user may change; raise Http404 if there is none."""
    return get_object_or_404(_drafts(request), pk=draft_id)


def new_draft_of(request: HttpRequest, draft_id: int) -> Draft:
    """Return a draft of a letting that is not there yet; raises Http404."""
    return get_object_or_404(_drafts(request), pk=draft_id, letting=None)


def _drafts(request: HttpRequest) -> QuerySet[Draft]:
    drafts = Draft.objects.select_related("host__user", "letting__address", "letting__host__user")
    if request.user.is_staff:
        return drafts
    return drafts.filter(
        Q(letting=None, host__user=request.user) | Q(letting__host__user=request.user)
    )
