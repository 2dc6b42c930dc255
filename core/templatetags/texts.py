"""The filter that keeps a text of people apart from the sentence around it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.text.shown import is_from_the_right

register = template.Library()


@register.filter
def bdi(text: object) -> str | SafeString:
    """Return a text, in ``<bdi>`` if it is from right to left: so it turns nothing around it.

    The site's own languages are written from left to right, as any other text is.
    https://html.spec.whatwg.org/multipage/text-level-semantics.html#the-bdi-element

    >>> bdi("<b>"), bdi("\u05d0<b>")
    ('<b>', '<bdi>\u05d0&lt;b&gt;</bdi>')
    """
    text = str(text)
    return format_html("<bdi>{}</bdi>", text) if is_from_the_right(text) else text
