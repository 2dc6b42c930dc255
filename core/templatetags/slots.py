"""Template tags for slots, where other apps add parts to a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from ..web import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str, subject: object) -> SafeString:
    """Return the HTML of the slot's parts, on a page about ``subject``."""
    request = context["request"]
    return mark_safe("".join(part.render(request) for part in slots.parts(name, request, subject)))


@register.simple_tag(takes_context=True)
def render_part(context: template.Context, part: slots.Part) -> SafeString:
    """Return the HTML of one part that the view has asked for."""
    return mark_safe(part.render(context["request"]))
