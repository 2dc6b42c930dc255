"""The API of a host's own lettings: what it shows besides the letting, and the form's names."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from core.rest.fields import STRICT, optional

from ..hosting.forms import alt_name
from ..models import Letting, Photo
from .schemas import (
    Absolute,
    AddressIn,
    AddressPatch,
    LettingOut,
    PhotoOut,
    letting_out,
    written,
)

Alt = Annotated[str, written(Photo._meta.get_field("alt"))]
# The names that fields have in the form, where the API's differ.
FORM_NAMES = {"country": "country_iso_code"}
ADDRESS = tuple(AddressPatch.model_fields)


class PhotoPatch(Schema):
    """What changes of a picture."""

    model_config = STRICT

    alt: Alt = optional("What it shows, in a sentence.", examples=["The porch at dusk"])
    position: Annotated[int, Field(ge=0, le=99)] = optional(
        "Its place among the pictures; 0 is the cover.", examples=[0]
    )


class MyPhotoOut(PhotoOut):
    """A picture of my own."""

    id: int = Field(examples=[1])


class MyLettingOut(LettingOut):
    """A letting of my own."""

    photos: list[MyPhotoOut]
    is_published: bool = Field(description="Whether visitors see it now.")
    has_draft: bool = Field(description="Whether the site keeps changes not yet published.")


class MyLettingPage(Schema):
    """Some of my lettings."""

    items: list[MyLettingOut]
    next: str | None = Field(description="Where those that follow are; null at the end.")


def my_letting_out(letting: Letting, absolute: Absolute) -> MyLettingOut:
    """Return a letting as its host sees it.

    Takes no more queries than letting_out if the draft is fetched already."""
    shown = dict(letting_out(letting, absolute))
    shown["photos"] = [
        MyPhotoOut.model_construct(id=photo.pk, url=absolute(photo.url()), alt=photo.alt)
        for photo in letting.photos.all()
    ]
    return MyLettingOut.model_construct(
        **shown, is_published=letting.is_public(), has_draft=hasattr(letting, "draft")
    )


def form_words(told: Schema) -> dict[str, str]:
    """Return the fields that were sent, as the texts that the form takes."""
    sent = {name: getattr(told, name) for name in told.model_fields_set - {"address"}}
    address = getattr(told, "address", None)
    if address is not None:
        sent |= {name: getattr(address, name) for name in _named(address)}
    return {FORM_NAMES.get(name, name): _text(value) for name, value in sent.items()}


def api_name(field: str) -> str:
    """Return the name that a field of the form has in the API.

    >>> api_name("country_iso_code"), api_name("title"), api_name("alt-7")
    ('address.country', 'title', 'alt')
    """
    if field.startswith(alt_name("")):
        return "alt"
    ours = {theirs: our for our, theirs in FORM_NAMES.items()}.get(field, field)
    return f"address.{ours}" if ours in ADDRESS else ours


def _named(address: AddressIn | AddressPatch) -> set[str]:
    whole = isinstance(address, AddressIn)
    return set(ADDRESS) if whole else address.model_fields_set


def _text(value: Any) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
