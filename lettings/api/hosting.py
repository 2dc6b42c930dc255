"""The API of a host's own lettings: the forms and rules of the host's pages."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Status

from core.rest.auth import Token
from core.rest.preconditions import IfMatch, require_match, with_etag
from core.rest.cursors import LATEST_FIRST, IdCursor, cursor_page
from core.rest.problems import Problem
from core.rest.validation import refused_form

from ..hosting import drafts, publishing
from ..hosting.forms import HostForm
from ..models import Draft, Letting
from .hosting_schemas import (
    MyLettingOut,
    MyLettingPage,
    api_name,
    form_words,
    my_letting_out,
)
from .schemas import LettingIn, LettingPatch

router = Router(auth=Token("lettings:write"), tags=["My lettings"])
ONE = "/my/lettings/{int:letting_id}"


@router.get("/my/lettings", response=MyLettingPage, summary="My lettings")
def list_my_lettings(request: HttpRequest, place: Query[IdCursor]) -> MyLettingPage:
    """My lettings, public or not, the latest first, 24 at a time."""
    found, following = cursor_page(request, own_lettings(request), LATEST_FIRST, place.cursor)
    items = [shown(request, letting) for letting in found]
    return MyLettingPage.model_construct(items=items, next=following)


@router.post("/my/lettings", response={201: MyLettingOut}, summary="Create a letting")
def create_my_letting(request: HttpRequest, data: LettingIn, response: HttpResponse) -> Any:
    """A letting of mine, which is not public before it is published."""
    draft = drafts.new(request.auth.user.profile)
    draft.data["words"] |= form_words(data)
    with transaction.atomic():
        made = drafts.apply(draft, valid(draft))
        made = get_object_or_404(own_lettings(request), pk=made.pk)
    response["Location"] = request.build_absolute_uri(
        reverse("api:get_my_letting", args=[made.pk])
    )
    return Status(201, with_etag(response, shown(request, made)))


@router.get(ONE, response=MyLettingOut, summary="One letting of mine")
def get_my_letting(request: HttpRequest, letting_id: int, response: HttpResponse) -> Any:
    """A letting of mine, public or not, with the ETag that an edit asks for."""
    found = get_object_or_404(own_lettings(request), pk=letting_id)
    return with_etag(response, shown(request, found))


@router.patch(ONE, response=MyLettingOut, summary="Edit a letting")
def edit_my_letting(
    request: HttpRequest,
    letting_id: int,
    data: LettingPatch,
    response: HttpResponse,
    if_match: IfMatch,
) -> Any:
    """Change parts of a letting of mine; a public one shows it at once."""
    with transaction.atomic():
        letting = locked(request, letting_id)
        require_match(request, shown(request, letting))
        draft = untouched(letting)
        draft.data["words"] |= form_words(data)
        drafts.apply(draft, valid(draft))
        return with_etag(response, shown(request, own_lettings(request).get(pk=letting_id)))


@router.delete(ONE, response={204: None}, summary="Delete a letting")
def delete_my_letting(request: HttpRequest, letting_id: int, if_match: IfMatch) -> Any:
    """Delete a letting of mine with its address and pictures, for good."""
    with transaction.atomic():
        letting = locked(request, letting_id)
        require_match(request, shown(request, letting))
        publishing.delete(letting)
    return Status(204, None)


@router.post(f"{ONE}/publish", response=MyLettingOut, summary="Publish a letting")
def publish_my_letting(request: HttpRequest, letting_id: int, response: HttpResponse) -> Any:
    """Show a letting of mine to everyone; once more changes nothing."""
    publishing.publish(get_object_or_404(own_lettings(request), pk=letting_id), timezone.now())
    return get_my_letting(request, letting_id, response)


@router.post(f"{ONE}/unpublish", response=MyLettingOut, summary="Unpublish a letting")
def unpublish_my_letting(request: HttpRequest, letting_id: int, response: HttpResponse) -> Any:
    """Show a letting of mine to nobody else; nothing of it is lost."""
    publishing.unpublish(get_object_or_404(own_lettings(request), pk=letting_id))
    return get_my_letting(request, letting_id, response)


def own_lettings(request: HttpRequest) -> QuerySet[Letting]:
    """Return the lettings of the token's user, with all that an answer shows."""
    lettings = Letting.objects.filter(host__user=request.auth.user)
    return lettings.for_cards().select_related("host__user", "draft")


def locked(request: HttpRequest, letting_id: int) -> Letting:
    """Return a letting of the token's user, locked until the transaction ends."""
    lettings = Letting.objects.filter(host__user=request.auth.user).select_for_update()
    get_object_or_404(lettings, pk=letting_id)
    return own_lettings(request).get(pk=letting_id)


def shown(request: HttpRequest, letting: Letting) -> MyLettingOut:
    """Return the answer that describes a letting to its host."""
    return my_letting_out(letting, request.build_absolute_uri)


def untouched(letting: Letting) -> Draft:
    """Return a draft equal to the letting; raise Problem 409 if a saved draft exists.

    If that draft were published later, it would silently overwrite a change made here.
    """
    if hasattr(letting, "draft"):
        words = "The site keeps a draft of this letting. Publish or discard it there first."
        raise Problem(409, words)
    return drafts.for_letting(letting, letting.host)


def valid(draft: Draft) -> HostForm:
    """Return the draft as a valid form; raise Problem 422 with the form's errors."""
    form = drafts.form_of(draft, check=True)
    if not form.is_valid():
        raise refused_form(form, "body", api_name)
    return form
