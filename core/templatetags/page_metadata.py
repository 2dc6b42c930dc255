"""Template tags for a page's metadata: for robots, link previews and other languages."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext

from ..web.languages import in_language

register = template.Library()

# https://ogp.me/#optional
LOCALES = {"en": "en_US", "fr": "fr_FR"}


@register.inclusion_tag("core/_open_graph.html", takes_context=True)
def open_graph(
    context: template.Context,
    title: str,
    description: str,
    path: str,
    number: int = 1,
    image: str = "",
    image_alt: str = "",
) -> dict[str, Any]:
    """Return the page's canonical URL in each language, its texts and its picture: https://ogp.me/

    Paths of this site become full URLs; ``page`` is the number of the page in a list.
    """
    absolute = context["request"].build_absolute_uri
    here = f"{path}?page={number}" if number > 1 else path
    return {
        "title": title,
        "description": description,
        "canonical": absolute(here),
        "image": absolute(image or static("oc_lettings_site/preview.png")),
        "image_alt": image_alt if image else gettext("An orange grove by the sea at sunset"),
        "locale": LOCALES[get_language()],
        "languages": [(code, absolute(in_language(code, here))) for code, _ in settings.LANGUAGES],
        "default": absolute(in_language(settings.LANGUAGE_CODE, here)),
    }


@register.simple_tag(takes_context=True)
def other_languages(context: template.Context) -> list[dict[str, str]]:
    """Return the other languages of the site: code, name, and this page's URL in each.

    An error page has no request: there the links go to the home page.
    """
    request = context.get("request")
    here = request.get_full_path() if request else reverse("index")
    return [
        {"code": code, "name": name, "path": in_language(code, here)}
        for code, name in settings.LANGUAGES
        if code != get_language()
    ]
