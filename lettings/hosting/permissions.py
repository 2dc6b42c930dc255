"""Permissions: hosts change their own lettings and drafts, staff all; others are answered 404."""

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
    """Return a decorator that replaces the view's id by the object that ``find`` returns.

    The object is looked up first, even before the method is checked, so that a stranger gets
    the same answer as for a wrong id. Anonymous visitors are sent to sign in for any id.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def wrapper(request: HttpRequest, **ids: int) -> HttpResponse:
            return view(request, find(request, **ids))

        return wrapper

    return decorate


def letting_of(request: HttpRequest, letting_id: int) -> Letting:
    """Return a letting that the user may change; raise Http404 if there is none."""
    lettings = Letting.objects.run_by(request.user).select_related("address", "host__user")
    return get_object_or_404(lettings, pk=letting_id)


def draft_of(request: HttpRequest, draft_id: int) -> Draft:
    """Return a draft that the user may change; raise Http404 if there is none."""
    return get_object_or_404(_drafts(request), pk=draft_id)


def new_draft_of(request: HttpRequest, draft_id: int) -> Draft:
    """Return a draft of a new letting that the user may change; raise Http404 if there is none."""
    return get_object_or_404(_drafts(request), pk=draft_id, letting=None)


def _drafts(request: HttpRequest) -> QuerySet[Draft]:
    drafts = Draft.objects.select_related("host__user", "letting__address", "letting__host__user")
    if request.user.is_staff:
        return drafts
    return drafts.filter(
        Q(letting=None, host__user=request.user) | Q(letting__host__user=request.user)
    )
