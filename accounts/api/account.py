"""The API of the user's own account."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from core.rest.auth import Token

router = Router()


class TokenOut(Schema):
    """The token that asks."""

    name: str = Field(examples=["channel manager"])
    scopes: list[str] = Field(examples=[["lettings:write"]])
    expires_at: datetime


class AccountOut(Schema):
    """The user whom the token acts for."""

    username: str = Field(examples=["HeadlinesGazer"])
    email: str = Field(examples=["gazer@example.org"])
    first_name: str
    last_name: str
    favorite_city: str = Field(examples=["Budapest"])
    token: TokenOut


@router.get("/me", response=AccountOut, auth=Token("profile:read"), summary="Who am I?")
def get_me(request: HttpRequest) -> AccountOut:
    """The account and the token that ask."""
    token, user = request.auth, request.auth.user
    return AccountOut(
        username=user.username,
        email=user.email,
        first_name=user.first_name,
        last_name=user.last_name,
        favorite_city=user.profile.favorite_city,
        token=TokenOut(name=token.name, scopes=token.scopes, expires_at=token.expires_at),
    )
