"""Which language a page speaks: the one its address names (/fr/...), English where it names none.

Django's LocaleMiddleware asks cookies and headers as well, and has to say so by ``Vary``. Here
every address has one language, for every visitor: caches keep a page by its address alone.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve, reverse, translate_url
from django.utils.translation import get_language_from_path, override


def language_of(path: str) -> str:
    """Return the code of the language that a path speaks.

    >>> language_of("/fr/lettings/"), language_of("/lettings/")
    ('fr', 'en')
    """
    return get_language_from_path(path) or settings.LANGUAGE_CODE


def resolve_in_its_language(path: str) -> ResolverMatch:
    """Resolve a path whatever language is active; raises Resolver404."""
    with override(language_of(path)):
        return resolve(path)


def in_language(code: str, path: str) -> str:
    """Return the address that says in this language what ``path`` says in the active one.

    A path that speaks no language (the API's), or leads nowhere, has the home page for it.
    """
    translated = translate_url(path, code)
    if translated != path or language_of(path) == code:
        return translated
    with override(code):
        return reverse("index")


class LanguageMiddleware:
    """Speaks the language of the request's path until the answer is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with override(language_of(request.path_info)):
            return self.get_response(request)
