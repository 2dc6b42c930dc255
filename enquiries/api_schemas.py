"""The API's schemas for enquiries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from core.rest.fields import STRICT, Day

from .models import Enquiry

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"\S")]
State = Literal[tuple(Enquiry.State.values)]


class EnquiryIn(Schema):
    """Nights asked for; the night before departure is the last."""

    model_config = STRICT

    arrive: Day = Field(examples=["2027-07-01"])
    leave: Day = Field(examples=["2027-07-08"])
    people: Annotated[int, Field(ge=1, le=32767)] = Field(examples=[2])
    text: Text = Field(description="To the host.", examples=["Is the tub heated?"])


class MessageIn(Schema):
    """One more message."""

    model_config = STRICT

    text: Text = Field(examples=["It is, from four o'clock on."])


class MessageOut(Schema):
    """What one side wrote."""

    by_host: bool
    text: str = Field(examples=["Is the tub heated?"])
    written_at: datetime


class StateOut(Schema):
    """The new state of an enquiry after a change; reading all of it needs another scope."""

    id: int = Field(examples=[1])
    url: str = Field(description="Its page on the site.")
    state: State = Field(examples=["new"])
    changed_at: datetime


class EnquiryOut(StateOut):
    """An enquiry, seen by one of its sides."""

    role: Literal["host", "guest"] = Field(description="Which side you are.", examples=["host"])
    letting_id: int | None = Field(description="Null if the letting is gone.", examples=[1])
    letting_title: str = Field(examples=["Joshua Tree Green Haus"])
    guest_name: str = Field(examples=["Ann"])
    arrive: date
    leave: date
    nights: int = Field(examples=[7])
    people: int = Field(examples=[2])
    created_at: datetime


class ThreadOut(EnquiryOut):
    """An enquiry with what both sides wrote."""

    messages: list[MessageOut]


class EnquiryPage(Schema):
    """Some of my enquiries."""

    items: list[EnquiryOut]
    next: str | None = Field(description="Where those that follow are; null at the end.")
