"""Template tags for the parts that other apps add to a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from ..web import page_extensions

register = template.Library()


@register.simple_tag(takes_context=True)
def page_extension(context: template.Context, name: str, subject: object) -> SafeString:
    """Return the HTML of all parts for the place ``name``, on a page about ``subject``."""
    request = context["request"]
    parts = page_extensions.parts(name, request, subject)
    return mark_safe("".join(part.render(request) for part in parts))


@register.simple_tag(takes_context=True)
def render_part(context: template.Context, part: page_extensions.Part) -> SafeString:
    """Return the HTML of one part that the view has asked for."""
    return mark_safe(part.render(context["request"]))
