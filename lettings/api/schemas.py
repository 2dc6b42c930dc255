"""The API's schemas for lettings: how they are asked for, shown and written.

Limits are those of the columns and of the site's forms.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import models
from ninja import Schema
from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, WithJsonSchema

from core.rest.fields import STRICT, Money, Number, NumberOut, Price, Whole, limits, optional

from ..browsing.forms import BOUNDS, LONGEST_TEXT, SORTS
from ..codes import CODE, STATE
from ..hosting.forms import HostForm
from ..models import HIGHEST_HOUSE, Address, Letting

HOUSE_NUMBER = "The house number as it is on the house; digits may be sent as a number."
Absolute = Callable[[str], str]

CURSOR = r"^[0-9]{1,9}\.(after|before)\.[0-9A-Za-z.-]{1,100}$"
_letting, _address = Letting._meta.get_field, Address._meta.get_field


def written(column: models.Field) -> StringConstraints:
    """Return the limits of a text that must not be empty: those of its column."""
    return StringConstraints(min_length=1, pattern=r"\S", **limits(column))


Title = Annotated[str, written(_letting("title"))]
Description = Annotated[str, StringConstraints(**limits(HostForm.base_fields["description"]))]
Code = Annotated[str, StringConstraints(pattern=f"^{CODE}$")]
Bedrooms = Annotated[int, Field(**limits(_letting("bedrooms")))]
Bathrooms = Annotated[float, Field(**limits(_letting("bathrooms")))]
Sleeps = Annotated[int, Field(**limits(_letting("sleeps")))]
_house = TypeAdapter(
    Annotated[str, written(_address("house_number"))]
    | Annotated[int, Field(**limits(_address("number")))]
)


def _as_text(value: Any) -> Any:
    """Return a whole number as text: only numbers were taken once."""
    is_number = type(value) is int and 0 <= value <= HIGHEST_HOUSE
    return str(value) if is_number else value


# One type, and no union, whose errors would name the types within it.
HouseNumber = Annotated[
    str,
    BeforeValidator(_as_text),
    written(_address("house_number")),
    WithJsonSchema(_house.json_schema()),
]
Street = Annotated[str, written(_address("street"))]
City = Annotated[str, written(_address("city"))]
State = Annotated[str, StringConstraints(pattern=f"^{STATE}$")]
Zip = Annotated[str, StringConstraints(**limits(_address("zip_code")))]


class Cursor(Schema):
    """The position at which a list continues."""

    cursor: str = optional("Where to go on, as next and previous have it.", pattern=CURSOR)


class LettingFilters(Schema):
    """Search, filters and order of the index."""

    q: str = optional("Words to search for.", max_length=LONGEST_TEXT, examples=["hot tub"])
    place: str = optional(
        "A city, a state, or both.", max_length=LONGEST_TEXT, examples=["Brunswick, GA"]
    )
    price_min: Money = optional("The lowest price of a night.", examples=["80"])
    price_max: Money = optional("The highest price of a night.", examples=["120.50"])
    sleeps: Whole = optional("Sleeps at least so many.", **limits(BOUNDS["sleeps"]), examples=[4])
    bedrooms: Whole = optional("At least so many.", **limits(BOUNDS["bedrooms"]), examples=[2])
    bathrooms: Number = optional(
        "At least so many.", **limits(BOUNDS["bathrooms"]), examples=[1.5]
    )
    sort: Literal[tuple(SORTS)] = optional(
        "The order; best match for words and newest first otherwise.", examples=["price"]
    )
    cursor: str = optional("Where to go on, as next and previous have it.", pattern=CURSOR)


class AddressOut(Schema):
    """A postal address."""

    number: int = Field(
        description="The house number if it is one, or 0; house_number has every one.",
        examples=[7217],
    )
    house_number: str = Field(
        description="As it is on the house; empty where there is none.", examples=["7217", "12A"]
    )
    street: str = Field(examples=["Bedford Street"])
    city: str = Field(examples=["Brunswick"])
    state: str = Field(description="Two letters.", examples=["GA"])
    zip_code: str = Field(description="Text, since leading zeros count.", examples=["31525"])
    country: str = Field(description="ISO 3166-1 alpha-3.", examples=["USA"])


class PhotoOut(Schema):
    """A picture."""

    url: str = Field(description="A JPEG of 960 × 640 pixels.")
    alt: str = Field(
        description="What it shows, in a sentence.", examples=["A white silo under a wide sky"]
    )


class HostOut(Schema):
    """The host of a letting."""

    username: str = Field(examples=["HeadlinesGazer"])
    url: str = Field(description="Their page on the site.")


class LettingOut(Schema):
    """A letting. What its host has not said yet is null."""

    id: int = Field(examples=[1])
    title: str = Field(examples=["Joshua Tree Green Haus w/ Hot Tub"])
    url: str = Field(description="Its page on the site.")
    description: str
    price: Price | None = Field(description="Of a night.")
    bedrooms: int | None = Field(examples=[2])
    bathrooms: NumberOut | None = Field(description="With halves.", examples=[1.5])
    sleeps: int | None = Field(examples=[4])
    address: AddressOut
    photos: list[PhotoOut]
    host: HostOut | None
    published_at: datetime | None = Field(description="RFC 3339; null for a draft.")


class LettingPage(Schema):
    """One page of lettings."""

    items: list[LettingOut]
    count: int = Field(description="How many there are in all.", examples=[48213])
    next: str | None = Field(description="Where those that follow are; null at the end.")
    previous: str | None = Field(description="Where those before are; null at the start.")
    notices: list[str] = Field(
        description="What we understood otherwise than it was asked, such as a misspelt word."
    )


class AddressIn(Schema):
    """A postal address; in the USA with a real state's letters and a ZIP code."""

    model_config = STRICT

    number: HouseNumber = Field(description=HOUSE_NUMBER, examples=["12A", 7217])
    street: Street = Field(examples=["Bedford Street"])
    city: City = Field(examples=["Brunswick"])
    state: State = Field(examples=["GA"])
    zip_code: Zip = Field("", description="Where the country has one.", examples=["31525"])
    country: Code = Field("USA", description="ISO 3166-1 alpha-3.", examples=["USA"])


class AddressPatch(Schema):
    """The parts of an address that change."""

    model_config = STRICT

    number: HouseNumber = optional(HOUSE_NUMBER, examples=["12A", 7217])
    street: Street = optional("Street.", examples=["Bedford Street"])
    city: City = optional("City.", examples=["Brunswick"])
    state: State = optional("Two letters.", examples=["GA"])
    zip_code: Zip = optional("ZIP code.", examples=["31525"])
    country: Code = optional("ISO 3166-1 alpha-3.", examples=["USA"])


class LettingPatch(Schema):
    """What changes of a letting; what is left out stays. Null takes a value away."""

    model_config = STRICT

    title: Title = optional("Title.", examples=["Joshua Tree Green Haus"])
    description: Description = optional("Description.", examples=["Two bedrooms under the pines."])
    price: Money | None = optional("Of a night.", examples=["120.00"])
    currency: Code = optional("ISO 4217; at first USD.", examples=["USD"])
    bedrooms: Bedrooms | None = optional("0 for a studio.", examples=[2])
    bathrooms: Bathrooms | None = optional("With halves.", examples=[1.5])
    sleeps: Sleeps | None = optional("How many it sleeps.", examples=[4])
    address: AddressPatch = optional("The parts that change.")


class LettingIn(LettingPatch):
    """A new letting: it needs a title and an address."""

    title: Title = Field(examples=["Joshua Tree Green Haus"])
    address: AddressIn


def letting_out(letting: Letting, absolute: Absolute) -> LettingOut:
    """Return a letting's answer; ``absolute`` turns a path of this site into a full address.

    Takes no query if the address, the host with its user and the photos are fetched already.
    """
    at = letting.address
    return LettingOut.model_construct(
        id=letting.pk,
        title=letting.title,
        url=absolute(letting.get_absolute_url()),
        description=letting.description,
        price=_price(letting),
        bedrooms=letting.bedrooms,
        bathrooms=letting.bathrooms,
        sleeps=letting.sleeps,
        address=AddressOut.model_construct(
            number=at.number,
            house_number=at.house,
            street=at.street,
            city=at.city,
            state=at.state,
            zip_code=at.zip_code,
            country=at.country_iso_code,
        ),
        photos=[
            PhotoOut.model_construct(url=absolute(photo.url(960, "jpg")), alt=photo.alt)
            for photo in letting.photos.all()
        ],
        host=_host(letting, absolute),
        published_at=letting.published_at,
    )


def _price(letting: Letting) -> Price | None:
    if letting.price is None:
        return None
    return Price.model_construct(amount=letting.price, currency=letting.currency)


def _host(letting: Letting, absolute: Absolute) -> HostOut | None:
    if letting.host is None:
        return None
    url = absolute(letting.host.get_absolute_url())
    return HostOut.model_construct(username=letting.host.user.username, url=url)
