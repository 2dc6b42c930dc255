"""No page under /fr/ has a word that is neither translated nor somebody's data.

Each translation is put between marks while the pages are made; what stands outside of marks was
written by hand in a template or in code. The pages are those of test_permissions.TABLE. That each
word has its translation is bin/messages' to say, in lint.
"""

import re
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import CharField, FileField, JSONField, TextField
from django.test import Client
from django.test.html import Element, parse_html
from django.utils import translation

from lettings.places import codes

from .test_permissions import EVERYONE, OWNER, OWNER_ALONE, SIGNED_IN, STAFF, STAFF_ALONE, TABLE
from .test_permissions import kind, path, routes

OPEN, CLOSE = "⟦", "⟧"
# What a person reads without seeing it on the page.
READ_ALOUD = ("alt", "aria-label", "placeholder", "title")
DESCRIBING = ("description", "og:title", "og:description", "og:image:alt")
# Names, and what is written alike in both languages.
NAMES = {
    *("orange", "county", "lettings", "airwow", "api", "csv", "django", "usd", "eur", "gbp"),
    *(
        "english",
        "français",
        "km",
        "mb",
        "mo",
        "id",
        "url",
        "http",
        "localhost",
        "png",
        "jpeg",
        "webp",
        "avif",
        "ip",
        "utc",
    ),
}
# What Django's admin and allauth's models have in English alone, whatever the language.
LEFT_IN_ENGLISH = {
    *("Authenticators", "Created at", "Data", "False", "Last seen at", "Last used at", "Search"),
    *("True", "User agent"),
}
NOT_IN_LANGUAGES = (
    "api/",
    "^media/",
    "robots",
    "sitemap",
    ".well-known",
    "site.",
    "favicon",
    "sentry",
)


@contextmanager
def marks():
    """Put each translation between marks."""

    def marking(translate):
        return lambda *message: f"{OPEN}{translate(*message)}{CLOSE}"

    codes()  # kept for the whole process: it must not begin with marks in it
    with pytest.MonkeyPatch.context() as patch:
        for name in ("gettext", "ngettext", "pgettext", "npgettext"):
            patch.setattr(translation._trans, name, marking(getattr(translation._trans, name)))
        yield


def texts(element):
    """Return what a person reads of an element: (is it an attribute, text), piece by piece."""
    attributes = dict(element.attributes)
    classes = attributes.get("class") or ""
    if (
        element.name in ("script", "style", "code", "pre", "textarea")
        or "brand" in classes.split()
    ):
        return
    if "lang" in attributes and element.name != "html":
        return
    yield from ((True, attributes[name]) for name in READ_ALOUD if attributes.get(name))
    if element.name == "meta" and attributes.get("name", attributes.get("property")) in DESCRIBING:
        yield True, attributes["content"]
    if element.name == "input" and attributes.get("type") in ("submit", "button"):
        yield True, attributes.get("value", "")
    for child in element.children:
        if isinstance(child, Element):
            yield from texts(child)
        else:
            yield False, child


def outside(text, depth=0):
    """Return what stands outside of marks, and how many are open at the end."""
    kept = []
    for character in text:
        depth += (character == OPEN) - (character == CLOSE)
        kept.append(character if depth == 0 and character != CLOSE else " ")
    return "".join(kept), depth


def words(text):
    return {word.lower() for word in re.findall(r"[^\W\d_]{2,}", text)}


def data():
    """Return every word that stands in the database."""
    found = set()
    for model in apps.get_models():
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField | FileField)
        ]
        for row in model.objects.values_list(*fields) if fields else ():
            found |= words(" ".join(map(str, row)))
    return found


def untranslated(response):
    """Return the words of a page that nobody translated."""
    if not response.get("Content-Type", "").startswith("text/html"):
        if response.streaming:
            list(response.streaming_content)  # a file is closed when it was read
        return {}
    if not response.content:
        return {}
    known = data() | NAMES
    found, depth = {}, 0
    # A translation may hold elements, so that its marks are pieces apart; an attribute is whole.
    for whole, text in texts(parse_html(response.content.decode())):
        left, then = outside(text, 0 if whole else depth)
        depth = depth if whole else then
        if strange := words(left) - known:
            found[text] = sorted(strange)
    assert depth == 0
    return found


PAGES = sorted(
    route
    for route in TABLE
    if TABLE[route] in (EVERYONE, SIGNED_IN, OWNER, OWNER_ALONE, STAFF_ALONE)
    and not route.startswith(NOT_IN_LANGUAGES)
)


def french(route, things):
    """Return the French address of AirWow's thing; a secret in it is a wrong one."""
    concrete = re.sub(r"<str:token>|\(\?P<\w+>.+?\)", "1", route.replace("^", "").replace("$", ""))
    return "/fr" + path(concrete, things)


@pytest.mark.parametrize("route", PAGES)
def test_every_word_of_a_page_is_translated(route, things):
    owner, stranger = Client(), Client()
    get_user_model().objects.filter(pk=things["user"].pk).update(
        is_staff=TABLE[route] == STAFF_ALONE
    )
    owner.force_login(things["user"])
    if route == "accounts/2fa/webauthn/reauthenticate/":
        things["passkey"].delete()  # it has a name, and nothing that this page could ask for
    with marks():
        for client in (owner, stranger):
            for verb in (client.get, client.post):
                assert untranslated(verb(french(route, things))) == {}


def test_every_word_of_the_admin_is_translated(things):
    user = get_user_model().objects.create_superuser("AirWowAdmin")
    client = Client()
    client.force_login(user)
    found = {}
    with marks():
        for route in routes():
            if kind(route) != STAFF or set("(^") & set(route) or "content_type_id" in route:
                continue
            page = "/fr/" + re.sub("<(path:object_id|id)>", str(things["letting"].pk), route)
            found |= untranslated(client.get(page))
    said = {" ".join(re.findall(r"[^\W\d_]+", outside(text)[0])) for text in found}
    assert said - LEFT_IN_ENGLISH == set()


def test_a_word_written_by_hand_is_found():
    """Were the marks or the reading wrong, the tests above could not fail."""
    with marks():
        translated = translation.gettext("Sign in")
        assert words(outside(f"{translated} by hand")[0]) == {"by", "hand"}
    assert translated != translation.gettext("Sign in")
