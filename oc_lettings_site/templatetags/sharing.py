"""What robots and link previews read about a page: https://ogp.me/"""

from __future__ import annotations

from django import template
from django.templatetags.static import static

register = template.Library()


@register.inclusion_tag("_open_graph.html", takes_context=True)
def open_graph(
    context: template.Context,
    title: str,
    description: str,
    path: str,
    number: int = 1,
    image: str = "",
    image_alt: str = "",
) -> dict[str, str]:
    """Give the page's one address, its words and a picture.

    Takes paths of ours, which become full addresses, and the number of the page in a list.
    """
    absolute = context["request"].build_absolute_uri
    return {
        "title": title,
        "description": description,
        "canonical": absolute(f"{path}?page={number}" if number > 1 else path),
        "image": absolute(image or static("oc_lettings_site/preview.png")),
        "image_alt": image_alt if image else "An orange grove by the sea at sunset",
    }
