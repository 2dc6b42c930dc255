"""The API's schemas for public lettings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ninja import Schema
from pydantic import Field

from core.rest.fields import Price

from ..models import Letting

Absolute = Callable[[str], str]


class AddressOut(Schema):
    """A postal address."""

    number: int = Field(examples=[7217])
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
        sleeps=letting.sleeps,
        address=AddressOut.model_construct(
            number=at.number,
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
