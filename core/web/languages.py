"""The language of a page: the one in its URL (/fr/...), or English without one.

Django's LocaleMiddleware also uses cookies and headers, and therefore sends ``Vary``. Here every
URL has one language for every visitor, so caches need only the URL.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import ResolverMatch, resolve, reverse, translate_url
from django.utils.translation import get_language_from_path, override


def language_of(path: str) -> str:
    """Return the language code of a path.

    >>> language_of("/fr/lettings/"), language_of("/lettings/")
    ('fr', 'en')
    """
    return get_language_from_path(path) or settings.LANGUAGE_CODE


def resolve_in_its_language(path: str) -> ResolverMatch:
    """Resolve a path in its own language; raise Resolver404."""
    with override(language_of(path)):
        return resolve(path)


def in_language(code: str, path: str) -> str:
    """Return the path of the same page in this language; ``path`` is in the active one.

    For a path without a language (the API's) or without a page, return the home page.
    """
    translated = translate_url(path, code)
    if translated != path or language_of(path) == code:
        return translated
    with override(code):
        return reverse("index")
