"""Permissions: who may open each URL that the resolver has, with each method.

A new URL needs one line in TABLE: its route, as the failing test names it, and who may see it.
"""

import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.shortcuts import resolve_url
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver

from profiles.models import Profile

# Who may see a page.
EVERYONE = "everyone"
# Whoever is signed in sees what is theirs; others are asked to sign in.
SIGNED_IN = "signed in"
# One person's thing: others get 404, and who is not signed in is asked to.
OWNER = "its owner and staff"
# The same, and staff are strangers too.
OWNER_ALONE = "its owner alone"
# Programs with a token (401 without); whose thing it is, the API's own tests know.
TOKEN = "a token's owner"
# Staff by the admin, which asks everyone else to sign in as staff.
STAFF = "staff"
# Staff by pages of ours: to whoever else is signed in there is nothing.
STAFF_ALONE = "staff, and nobody else knows of it"
# Tells proxies who is staff, and nobody anything else; dashboard/tests/test_pages.py tries it.
GATE = "proxies"

# The ids are those of AirWow's things (conftest.py), and of nothing at all.
IDS = {
    "letting_id": "letting",
    "draft_id": "draft",
    "photo_id": "photo",
    "pk": "passkey",
    "token_id": "token",
    "enquiry_id": "enquiry",
}
TABLE = {
    "": EVERYONE,
    "lettings/": EVERYONE,
    "lettings/<int:letting_id>/": EVERYONE,
    "lettings/mine/": SIGNED_IN,
    "lettings/saved/": SIGNED_IN,
    "lettings/feed/": SIGNED_IN,
    "lettings/<int:letting_id>/save/": SIGNED_IN,
    "lettings/new/": SIGNED_IN,
    "lettings/drafts/<int:draft_id>/": OWNER,
    "lettings/drafts/<int:draft_id>/preview/": OWNER,
    "lettings/drafts/<int:draft_id>/discard/": OWNER,
    "lettings/<int:letting_id>/edit/": OWNER,
    "lettings/<int:letting_id>/publish/": OWNER,
    "lettings/<int:letting_id>/unpublish/": OWNER,
    "lettings/<int:letting_id>/delete/": OWNER,
    "enquiries/": SIGNED_IN,
    "enquiries/to/<int:letting_id>/": EVERYONE,
    "enquiries/sent/": EVERYONE,
    "enquiries/<int:enquiry_id>/": OWNER_ALONE,
    "enquiries/by-link/<str:token>/": EVERYONE,
    "api/v1/": EVERYONE,
    "api/v1/docs": EVERYONE,
    "api/v1/openapi.json": EVERYONE,
    "api/v1/me": TOKEN,
    "api/v1/my/lettings": TOKEN,
    "api/v1/my/lettings/<int:letting_id>": TOKEN,
    "api/v1/my/lettings/<int:letting_id>/publish": TOKEN,
    "api/v1/my/lettings/<int:letting_id>/unpublish": TOKEN,
    "api/v1/my/lettings/<int:letting_id>/photos": TOKEN,
    "api/v1/my/lettings/<int:letting_id>/photos/<int:photo_id>": TOKEN,
    "api/v1/enquiries": TOKEN,
    "api/v1/enquiries/<int:enquiry_id>": TOKEN,
    "api/v1/enquiries/<int:enquiry_id>/messages": TOKEN,
    "api/v1/enquiries/<int:enquiry_id>/book": TOKEN,
    "api/v1/enquiries/<int:enquiry_id>/decline": TOKEN,
    "api/v1/enquiries/<int:enquiry_id>/close": TOKEN,
    "api/v1/lettings/<int:letting_id>/enquiries": TOKEN,
    "api/v1/lettings": EVERYONE,
    "api/v1/lettings/<int:letting_id>": EVERYONE,
    "api/v1/profiles": EVERYONE,
    "api/v1/profiles/<username>": EVERYONE,
    "api/v1/profiles/<username>/lettings": EVERYONE,
    "profiles/": EVERYONE,
    "profiles/<str:username>/": EVERYONE,
    "profiles/<str:username>/follow/": SIGNED_IN,
    r"^media/(?P<name>photos/[0-9a-f]{32}-(?:480|960|1440)\.(?:avif|webp|jpg))\Z": EVERYONE,
    r"^media/(?P<name>faces/[0-9a-f]{32}\.webp)\Z": EVERYONE,
    "accounts/": SIGNED_IN,
    "accounts/profile/": SIGNED_IN,
    "accounts/time-zone/": SIGNED_IN,
    "accounts/export/": SIGNED_IN,
    "accounts/delete/": SIGNED_IN,
    "accounts/email/": SIGNED_IN,
    "accounts/password/change/": SIGNED_IN,
    "accounts/password/set/": SIGNED_IN,
    "accounts/reauthenticate/": SIGNED_IN,
    "accounts/sessions/": SIGNED_IN,
    "accounts/2fa/": SIGNED_IN,
    "accounts/2fa/reauthenticate/": SIGNED_IN,
    "accounts/2fa/recovery-codes/": SIGNED_IN,
    "accounts/2fa/recovery-codes/download/": SIGNED_IN,
    "accounts/2fa/recovery-codes/generate/": SIGNED_IN,
    "accounts/2fa/totp/activate/": SIGNED_IN,
    "accounts/2fa/totp/deactivate/": SIGNED_IN,
    "accounts/2fa/webauthn/": SIGNED_IN,
    "accounts/2fa/webauthn/add/": SIGNED_IN,
    "accounts/2fa/webauthn/reauthenticate/": SIGNED_IN,
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": OWNER_ALONE,
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": OWNER_ALONE,
    "accounts/tokens/": SIGNED_IN,
    "accounts/tokens/<int:token_id>/revoke/": OWNER_ALONE,
    "accounts/login/": EVERYONE,
    "accounts/login/code/confirm/": EVERYONE,
    "accounts/logout/": EVERYONE,
    "accounts/signup/": EVERYONE,
    "accounts/inactive/": EVERYONE,
    "accounts/confirm-email/": EVERYONE,
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": EVERYONE,
    "accounts/password/reset/": EVERYONE,
    "accounts/password/reset/done/": EVERYONE,
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": EVERYONE,
    "accounts/password/reset/key/done/": EVERYONE,
    "accounts/2fa/authenticate/": EVERYONE,
    "accounts/2fa/webauthn/login/": EVERYONE,
    "dashboard/": SIGNED_IN,
    "dashboard/figures.csv": SIGNED_IN,
    "dashboard/site/": STAFF_ALONE,
    "dashboard/site/figures.csv": STAFF_ALONE,
    "dashboard/site/is-staff/": GATE,
    "dashboard/site/try-again/": STAFF_ALONE,
    "robots.txt": EVERYONE,
    "sitemap.xml": EVERYONE,
    "sitemap-<slug:section>.xml": EVERYONE,
    ".well-known/security.txt": EVERYONE,
    "site.webmanifest": EVERYONE,
    "favicon.ico": EVERYONE,
    "sentry-debug/": EVERYONE,
}
VERBS = ("GET", "HEAD", "POST", "OPTIONS")
REFUSED = ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")


def routes(patterns=None, prefix=""):
    """Return the route of every URL of the site."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes(entry.url_patterns, route)


def kind(route):
    """Return who may see it, or None if nobody said."""
    return STAFF if route.startswith("admin/") else TABLE.get(route)


OWNED = sorted(route for route in TABLE if TABLE[route] in (OWNER, OWNER_ALONE))
MINE = sorted(route for route in TABLE if TABLE[route] == SIGNED_IN)


@pytest.fixture
def stranger(db):
    user = get_user_model().objects.create_user("stranger")
    Profile.objects.get_or_create(user=user)
    client = Client()
    client.force_login(user)
    return client


def path(route, things):
    """Return the address of AirWow's thing."""
    for name, thing in IDS.items():
        route = re.sub(f"<(int:)?{name}>", str(things[thing].pk), route)
    route = route.replace("<str:username>", "AirWow")
    assert "<" not in route, f"{route}: name what its id is of in IDS"
    return f"/{route}"


def nowhere(route):
    """Return the same address with an id of nothing."""
    for name in IDS:
        route = re.sub(f"<(int:)?{name}>", "987654321", route)
    return "/" + route.replace("<str:username>", "nobody")


def test_every_url_has_its_line_and_every_line_its_url():
    found = set(routes())
    unknown = sorted(route for route in found if kind(route) is None)
    assert not unknown, "add a line to TABLE in test_permissions.py for: " + ", ".join(unknown)
    assert sorted(set(TABLE) - found) == [], "these are no URLs any more"


def asks_to_sign_in(response):
    """Return whether an answer is the way to the sign-in page."""
    way = response.get("Location", "").partition("?")[0]
    return response.status_code == 302 and way == resolve_url(settings.LOGIN_URL)


@pytest.mark.parametrize("route", OWNED)
def test_to_a_stranger_it_is_not_there(route, things, stranger):
    found = [stranger.generic(verb, path(route, things)) for verb in VERBS]
    missing = [stranger.generic(verb, nowhere(route)) for verb in VERBS]
    for response, other in zip(found, missing, strict=True):
        assert (response.status_code, response.content) == (other.status_code, other.content)
        # 404 for every method that RequestChecksMiddleware accepts; it answers 405 to all others.
        # Pages of OWNER_ALONE may look at the verb first: not all are ours, and it tells nothing.
        assert response.status_code == 404 or TABLE[route] != OWNER
        assert response.status_code in (404, 405) or not response.content
    assert 404 in (found[0].status_code, found[2].status_code)


@pytest.mark.parametrize("route", OWNED + MINE)
def test_who_is_not_signed_in_is_asked_to_whatever_the_number(route, things):
    found = [Client().generic(verb, path(route, things)) for verb in VERBS]
    missing = [Client().generic(verb, nowhere(route)) for verb in VERBS]
    for response, other in zip(found, missing, strict=True):
        assert response.status_code == other.status_code
        assert asks_to_sign_in(response) or response.status_code == 405
    assert asks_to_sign_in(found[0]) or asks_to_sign_in(found[2])


@pytest.mark.parametrize("verb", (*VERBS, "PATCH", "DELETE"))
def test_without_a_token_a_program_is_asked_for_one(verb, things):
    for route in (route for route in TABLE if TABLE[route] == TOKEN):
        assert Client().generic(verb, path(route, things)).status_code in (401, 405), route


@pytest.mark.parametrize("route", OWNED)
def test_its_owner_reaches_it(route, things):
    owner = Client()
    owner.force_login(things["user"])
    answers = [owner.get(path(route, things)), owner.post(path(route, things))]
    assert not any(response.status_code == 404 for response in answers)
    assert not any(map(asks_to_sign_in, answers))


@pytest.mark.parametrize("route", OWNED)
def test_staff_reach_what_is_theirs_to_run(route, things, stranger):
    get_user_model().objects.filter(username="stranger").update(is_staff=True)
    answers = [stranger.generic(verb, path(route, things)).status_code for verb in ("GET", "POST")]
    assert (404 in answers) == (TABLE[route] == OWNER_ALONE)


@pytest.mark.parametrize("route", MINE)
def test_my_pages_are_for_whoever_is_signed_in(route, things, stranger):
    assert not asks_to_sign_in(stranger.get(path(route, things)))


@pytest.mark.parametrize("route", OWNED + MINE)
def test_no_cache_on_the_way_keeps_what_is_ones_own(route, things, stranger):
    if route in OWNED:
        stranger.force_login(things["user"])
    response = stranger.get(path(route, things))
    if response.status_code != 405:
        assert re.search("private|no-store", response["Cache-Control"])


@pytest.mark.parametrize("verb", REFUSED)
def test_other_verbs_are_refused_everywhere(verb, things, stranger):
    for route in OWNED + MINE:
        assert stranger.generic(verb, path(route, things)).status_code == 405


@pytest.mark.django_db
def test_the_admin_asks_a_stranger_to_sign_in_as_staff(stranger):
    concrete = [r for r in routes() if kind(r) == STAFF and not set("<(") & set(r)]
    for route in concrete:
        if route in ("admin/login/", "admin/logout/"):
            continue
        response = stranger.get(f"/{route}")
        assert response.status_code == 302, route
        assert response["Location"].startswith("/admin/login/"), route


@pytest.mark.parametrize("route", [r for r in TABLE if TABLE[r] == STAFF_ALONE])
def test_staffs_own_pages_are_nothing_to_others(route, client, stranger):
    for verb in ("GET", "POST"):
        assert stranger.generic(verb, f"/{route}").status_code in (404, 405)
        answer = client.generic(verb, f"/{route}")
        assert answer.status_code == 405 or asks_to_sign_in(answer)


def test_the_walk_finds_what_django_resolves():
    """Had the walk missed a level, the table would be complete and worth nothing."""
    for address in ("/lettings/1/edit/", "/admin/lettings/letting/", "/profiles/AirWow/"):
        match = get_resolver().resolve(RequestFactory().get(address).path)
        assert match.route in set(routes())
