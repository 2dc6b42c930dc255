"""The API of public profiles."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from core.keyset import Key, Order
from core.rest.cursors import cursor_field, cursor_page
from core.rest.fields import Username
from core.text.compared import compared

from .models import Profile

router = Router()
# Older releases wrote the user name itself into a cursor.
BY_NAME = Order((Key("compared_name", lambda row: row.compared_name or "", read=compared),), False)


class ProfileOut(Schema):
    """What someone shows of themselves."""

    username: str = Field(examples=["HeadlinesGazer"])
    url: str = Field(description="Their page on the site.")
    favorite_city: str = Field(description="Empty if they have not said.", examples=["Budapest"])
    about: str = Field(description="In their own words; may be empty.")
    picture: str | None = Field(description="A WebP of 256 × 256 pixels; null for none.")
    lettings: str = Field(description="Where what they let is.")


class ProfilePage(Schema):
    """Some of many profiles."""

    items: list[ProfileOut]
    next: str | None = Field(description="Where those that follow are; null at the end.")


class NameCursor(Schema):
    """The position at which a list by name continues."""

    cursor: str = cursor_field(r"^[^\x00-\x1f]{1,180}$")


@router.get("/profiles", response=ProfilePage, summary="Profiles by name")
def list_profiles(request: HttpRequest, place: Query[NameCursor]) -> ProfilePage:
    """All profiles, 24 at a time."""
    rows = Profile.objects.public().select_related("user")
    found, following = cursor_page(request, rows, BY_NAME, place.cursor)
    items = [profile_out(profile, request.build_absolute_uri) for profile in found]
    return ProfilePage.model_construct(items=items, next=following)


@router.get("/profiles/{username}", response=ProfileOut, summary="One profile")
def get_profile(request: HttpRequest, username: Path[Username]) -> ProfileOut:
    """A profile, by name."""
    found = get_object_or_404(
        Profile.objects.public().select_related("user"), user__username=username
    )
    return profile_out(found, request.build_absolute_uri)


def profile_out(profile: Profile, absolute: Callable[[str], str]) -> ProfileOut:
    """Return a profile's answer; ``absolute`` turns a path of this site into a full address."""
    username = profile.user.username
    return ProfileOut.model_construct(
        username=username,
        url=absolute(profile.get_absolute_url()),
        favorite_city=profile.favorite_city,
        about=profile.about,
        picture=absolute(profile.picture.url) if profile.picture else None,
        lettings=absolute(reverse("api:list_profile_lettings", args=[username])),
    )
