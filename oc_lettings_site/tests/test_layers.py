"""The rules that the imports keep (setup.cfg), kept by templates, addresses and queries too.

An app includes, extends, links and shows only what is its own or stands below it.
"""

import ast
import re
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CONTRACTS = ConfigParser()
CONTRACTS.read(ROOT / "setup.cfg")
# From the ground up.
LAYERS = CONTRACTS["importlinter:contract:layers"]["layers"].split()[::-1]
# The frame around every page is composed by the site, and each page fills it.
FRAME = {"base.html", "error.html"}
# The names of addresses that belong to libraries: theirs stand below all of ours.
LIBRARIES = re.compile(r"(admin|account|mfa|usersessions)[:_]")
USE = re.compile(r"{%-?\s*(include|extends|static|url)\s+(?:'([^']+)'|\"([^\"]+)\")")
# A path of a page, written as text: it belongs to its app, and is asked for by its name.
PAGE = re.compile(r"/(lettings|profiles|enquiries|accounts|dashboard)/")


def files(app: str, folder: str) -> dict[str, str]:
    """Return the app that each template or static file belongs to, by its name."""
    top = ROOT / app / folder
    return {str(path.relative_to(top)): app for path in top.rglob("*") if path.is_file()}


def owners(folder: str) -> dict[str, str]:
    """Return every app's files of a folder; one name in two apps would hide one of them."""
    found: dict[str, str] = {}
    for app in LAYERS:
        own = files(app, folder)
        assert not (twice := own.keys() & found.keys()), f"{app} hides {sorted(twice)}"
        found |= own
    return found


def uses(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a template's text asks for: the tag and the name."""
    for tag, single, double in USE.findall(text):
        yield tag, single or double


def owner_of(tag: str, name: str) -> str | None:
    """Return the app that a name belongs to; None for a library's."""
    if tag == "url":
        if LIBRARIES.match(name):
            return None
        return name.split(":")[0] if ":" in name else LAYERS[-1]
    return owners("static" if tag == "static" else "templates").get(name)


def climbs(app: str, text: str) -> list[str]:
    """Return what a template of ``app`` asks for that stands above it."""
    found = []
    for tag, name in uses(text):
        owner = owner_of(tag, name)
        if name not in FRAME and owner in LAYERS and LAYERS.index(owner) > LAYERS.index(app):
            found.append(f"{tag} {name}")
    return found


@pytest.mark.parametrize("app", LAYERS)
def test_templates_ask_for_nothing_above_them(app):
    wrong = {
        name: climbing
        for name in files(app, "templates")
        if (climbing := climbs(app, (ROOT / app / "templates" / name).read_text()))
    }
    assert not wrong, "add it as a page extension (core/web), or move what is shared below both"


@pytest.mark.parametrize(
    ("app", "text"),
    [
        ("profiles", "{% include 'lettings/_card.html' %}"),
        ("profiles", "{% static 'lettings/lettings.css' %}"),
        ("profiles", "{% url 'lettings:index' %}"),
        ("lettings", '{% include "enquiries/_write_to_host.html" with letting=letting %}'),
        ("lettings", "{% url 'enquiries:new' letting.pk %}"),
        ("core", "{% url 'index' %}"),
        ("lettings", "{% static 'oc_lettings_site/home.css' %}"),
    ],
)
def test_what_climbs_is_found(app, text):
    assert climbs(app, text)


def strings(source: str) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings and no routes of the API's own."""
    tree = ast.parse(source)
    passed_over = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed_over.add(node.value)
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                passed_over.update(ast.walk(decorator))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node not in passed_over and "{" not in node.value:
                yield node.value


def modules() -> list[Path]:
    """Return every module of the apps that is no test and no migration."""
    return [
        path
        for app in LAYERS
        for path in sorted((ROOT / app).rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts)
    ]


def test_no_module_knows_the_address_of_a_page_as_text():
    known = {
        str(path.relative_to(ROOT)): found
        for path in modules()
        if (found := [text for text in strings(path.read_text()) if PAGE.search(text)])
    }
    # What a person reads in the API's description is no address that a program asks for.
    known.pop("oc_lettings_site/api.py", None)
    # A file of the sources.
    known.pop("lettings/browsing/tile_map.py", None)
    assert not known, "ask by name: django.urls.reverse"


def test_an_address_as_text_is_found():
    assert [t for t in strings('PAGE = r"(/fr)?/lettings/([0-9]+)/"') if PAGE.search(t)]


def test_the_rehearsal_can_be_deleted():
    """Nothing outside it imports it, and no verb but its own runs a program of it."""
    outside = [*ROOT.glob("bin/*"), *ROOT.glob("*.py")]
    for folder in (*LAYERS, "deploy", "tools", "bench", "browser", "docs"):
        outside += (ROOT / folder).rglob("*.py")
    needing = {
        str(path.relative_to(ROOT))
        for path in outside
        if re.search(
            r"^\s*(from|import) rehearsal\b|\brehearsal/[\w/-]*\w ", path.read_text(), re.M
        )
    }
    assert needing - {"bin/rehearse", "bin/rehearsal-pictures", "bin/lock"} == set()


# Whose keywords are lookups, also those of one step.
ASKS = {"filter", "exclude", "get", "Q", "get_object_or_404", "get_or_create"}


def names_from_above(app: str) -> set[str]:
    """Return the names by which a query of ``app`` would reach rows of an app above it."""
    above = LAYERS[LAYERS.index(app) + 1 :]
    return {
        name
        for model in apps.get_models()
        if model._meta.app_label == app
        for relation in model._meta.related_objects
        if relation.related_model._meta.app_label in above
        for name in (relation.get_accessor_name(), relation.field.related_query_name())
        if name
    }


def lookups(source: str) -> Iterator[str]:
    """Yield the first step of each keyword, attribute and text that may be a lookup."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            names = [keyword.arg for keyword in node.keywords if keyword.arg]
            yield from (name.split("__")[0] for name in names if "__" in name or called in ASKS)
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.lstrip("-").split("__")[0]


@pytest.mark.parametrize("app", LAYERS)
def test_queries_reach_no_rows_of_an_app_above(app):
    above = names_from_above(app)
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in modules()
        if path.is_relative_to(ROOT / app)
        and (found := above.intersection(lookups(path.read_text())))
    }
    assert not wrong, "hand it in: core/web/page_extensions.py, extend or annotate"


@pytest.mark.parametrize(
    "query",
    [
        "Profile.objects.filter(lettings__published_at=1)",
        "Profile.objects.exclude(lettings=None)",
        "profile.lettings.all()",
        "Profile.objects.prefetch_related('lettings__photos')",
        "Profile.objects.order_by('-lettings')",
    ],
)
def test_a_query_of_rows_above_is_found(query):
    assert names_from_above("profiles").intersection(lookups(query))
