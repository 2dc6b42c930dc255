"""The API of the pictures of a host's own lettings."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from core.rest.auth import Token
from core.rest.preconditions import with_etag
from core.rest.parsing import multipart
from core.rest.problems import Problem
from core.rest.validation import WRONG

from ..hosting import drafts
from ..hosting.forms import AltField
from ..models import Draft
from ..photos import draft_photos, pictures
from ..cache_invalidation import keep_pages_if_private
from .hosting import ONE, locked, own_lettings, shown, untouched, valid
from .hosting_schemas import Alt, MyLettingOut, PhotoPatch

MAY_WRITE = Token("lettings:write")
router = Router(auth=MAY_WRITE, tags=["Pictures"])
PHOTO = f"{ONE}/photos/{{int:photo_id}}"


@router.post(f"{ONE}/photos", response={201: MyLettingOut}, summary="Add a picture")
@multipart
def add_photo(
    request: HttpRequest,
    letting_id: int,
    response: HttpResponse,
    image: File[UploadedFile],
    alt: Form[Alt],
) -> Any:
    """Add a picture to a letting of mine: a JPEG, PNG, WebP or AVIF, with what it shows."""
    untouched(get_object_or_404(own_lettings(request), pk=letting_id))
    alt = readable(alt)
    upload = _opened(image)  # before a row is locked: decoding takes a while
    with transaction.atomic():
        draft = untouched(locked(request, letting_id))
        # Checked before a file is stored, because no rollback deletes a file.
        valid(draft)
        before = {pk for pk, _alt in draft.data["pictures"]}
        draft.save()
        _add(draft, image, upload)
        added = [photo.pk for photo in drafts.photos_of(draft) if photo.pk not in before]
        draft.data["pictures"] += [[pk, alt] for pk in added]
        return Status(201, _applied(request, draft, response))


def open_ahead(request: HttpRequest, letting_id: int) -> None:
    """Read the picture of ``add_photo`` for who may add it, before a transaction begins."""
    image = request.FILES.get("image")
    if image is None:
        return
    request.auth = MAY_WRITE(request)
    untouched(get_object_or_404(own_lettings(request), pk=letting_id))
    pictures.open_ahead(image)


@router.patch(PHOTO, response=MyLettingOut, summary="Edit a picture")
def edit_photo(
    request: HttpRequest,
    letting_id: int,
    photo_id: int,
    data: PhotoPatch,
    response: HttpResponse,
) -> Any:
    """Change what is said of a picture, or its place among the others."""
    with transaction.atomic():
        letting = locked(request, letting_id)
        get_object_or_404(letting.photos, pk=photo_id)
        draft = untouched(letting)
        order = draft.data["pictures"]
        here = [pk for pk, _alt in order].index(photo_id)
        pk, alt = order.pop(here)
        place = here if data.position is None else data.position
        order.insert(place, [pk, alt if data.alt is None else data.alt])
        return _applied(request, draft, response)


@router.delete(PHOTO, response={204: None}, summary="Delete a picture")
def delete_photo(request: HttpRequest, letting_id: int, photo_id: int) -> Any:
    """Delete a picture of a letting of mine, for good."""
    with transaction.atomic():
        letting = locked(request, letting_id)
        untouched(letting)
        photo = get_object_or_404(letting.photos, pk=photo_id)
        with keep_pages_if_private(letting):
            photo.delete()
    return Status(204, None)


def _opened(image: UploadedFile) -> pictures.Upload:
    try:
        return draft_photos.open_one(image)
    except ValidationError as error:
        raise _refused(error) from error


def _add(draft: Draft, image: UploadedFile, upload: pictures.Upload) -> None:
    try:
        draft_photos.add_one(draft, image, upload)
    except ValidationError as error:
        raise _refused(error) from error


def _refused(error: ValidationError) -> Problem:
    errors = [{"in": "file", "name": "image", "detail": words} for words in error.messages]
    return Problem(422, WRONG, errors=errors)


def readable(alt: str) -> str:
    """Return the alternative text as the form cleans it; raise Problem 422 with its errors."""
    try:
        return AltField().clean(alt)
    except ValidationError as error:
        errors = [{"in": "body", "name": "alt", "detail": words} for words in error.messages]
        raise Problem(422, WRONG, errors=errors) from error


def _applied(request: HttpRequest, draft: Draft, response: HttpResponse) -> MyLettingOut:
    letting = drafts.apply(draft, valid(draft))
    return with_etag(response, shown(request, own_lettings(request).get(pk=letting.pk)))
