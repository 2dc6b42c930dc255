"""Mount the API of each app under /api/v1/."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from ninja.responses import Response

from accounts.api import idempotency, tokens
from accounts.api.account import router as account
from core.rest.docs import groups
from core.rest.mount import Layers
from core.rest.openapi import Api
from enquiries.api import router as enquiries
from lettings.api import photos
from lettings.api.hosting import router as my_lettings
from lettings.api.public import router as lettings
from profiles.api import router as profiles

api = Api(
    title="Orange County Lettings",
    version="1.0.0",
    description=(
        "Holiday homes, straight from their hosts. What is public needs no token; for what is"
        " yours, create one at /accounts/tokens/ and send it as `Authorization: Bearer …`."
    ),
)
api.add_router("", lettings, tags=["Lettings"])
api.add_router("", profiles, tags=["Profiles"])
api.add_router("", my_lettings)
api.add_router("", photos.router)
api.add_router("", enquiries)
api.add_router("", account, tags=["Account"])

# The same for everyone: stored by the page cache.
PUBLIC = {
    "openapi",
    "docs",
    "list_lettings",
    "get_letting",
    "list_profile_lettings",
    "list_profiles",
    "get_profile",
}
AHEAD = {"add_photo": photos.open_ahead}


def openapi(request: HttpRequest) -> HttpResponse:
    """Return the description of the API for programs: https://spec.openapis.org/oas/v3.1.0"""
    return Response(api.get_openapi_schema())


def docs(request: HttpRequest) -> HttpResponse:
    """Return the API's page for people, where they can try each operation."""
    return render(request, "api.html", {"groups": groups(api.get_openapi_schema())})


def urls() -> tuple[list[URLPattern], str, str]:
    """Return the operations' URLs, for ``path``."""
    patterns, app_name, namespace = api.urls
    described = [
        path("openapi.json", openapi, name="openapi"),
        path("docs", docs, name="docs"),
    ]
    layers = Layers(tokens.authenticate, idempotency.once, PUBLIC, AHEAD)
    return [layers.around(each) for each in described + patterns], app_name, namespace
