"""The API's schemas for a host's own lettings: requests and answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from core.rest.fields import Money, optional

from ..browsing.forms import HIGHEST_NUMBER
from ..hosting.forms import LONGEST_DESCRIPTION, alt_name
from ..models import Letting
from .schemas import Absolute, LettingOut, PhotoOut, letting_out

STRICT = ConfigDict(strict=True, extra="forbid")
Line = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"\S")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"\S")]
State = Annotated[str, StringConstraints(pattern="^[A-Z0-9]{2}$")]
Code = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Zip = Annotated[str, StringConstraints(min_length=1, max_length=10, pattern=r"\S")]
Number = Annotated[int, Field(ge=0, le=9999)]
Many = Annotated[int, Field(ge=0, le=HIGHEST_NUMBER)]
Some = Annotated[int, Field(ge=1, le=HIGHEST_NUMBER)]
Description = Annotated[str, StringConstraints(max_length=LONGEST_DESCRIPTION)]
Alt = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
# The names that fields have in the form, where the API's differ.
FORM_NAMES = {"country": "country_iso_code"}
ADDRESS = ("number", "street", "city", "state", "zip_code", "country")


class AddressIn(Schema):
    """A postal address; in the USA with a real state's letters and a ZIP code."""

    model_config = STRICT

    number: Number = Field(examples=[7217])
    street: Line = Field(examples=["Bedford Street"])
    city: Line = Field(examples=["Brunswick"])
    state: State = Field(examples=["GA"])
    zip_code: Zip = Field(examples=["31525"])
    country: Code = Field("USA", description="ISO 3166-1 alpha-3.", examples=["USA"])


class LettingIn(Schema):
    """A new letting."""

    model_config = STRICT

    title: Title = Field(examples=["Joshua Tree Green Haus"])
    description: Description = Field("", examples=["Two bedrooms under the pines."])
    price: Money | None = Field(None, description="Of a night.", examples=["120.00"])
    currency: Code = Field("USD", description="ISO 4217.", examples=["USD"])
    bedrooms: Many | None = Field(None, description="0 for a studio.", examples=[2])
    sleeps: Some | None = Field(None, examples=[4])
    address: AddressIn


class AddressPatch(Schema):
    """The parts of an address that change."""

    model_config = STRICT

    number: Number = optional("House number.", examples=[7217])
    street: Line = optional("Street.", examples=["Bedford Street"])
    city: Line = optional("City.", examples=["Brunswick"])
    state: State = optional("Two letters.", examples=["GA"])
    zip_code: Zip = optional("ZIP code.", examples=["31525"])
    country: Code = optional("ISO 3166-1 alpha-3.", examples=["USA"])


class LettingPatch(Schema):
    """What changes of a letting; what is left out stays. Null takes a value away."""

    model_config = STRICT

    title: Title = optional("Title.", examples=["Joshua Tree Green Haus"])
    description: Description = optional("Description.", examples=["With a new porch."])
    price: Money | None = optional("Of a night.", examples=["125.00"])
    currency: Code = optional("ISO 4217.", examples=["USD"])
    bedrooms: Many | None = optional("0 for a studio.", examples=[2])
    sleeps: Some | None = optional("How many it sleeps.", examples=[4])
    address: AddressPatch = optional("The parts that change.")


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
