"""The tag ``{% slot %}``: what other apps put into a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from ..web import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str, subject: object) -> SafeString:
    """Return what fills the slot of a page about ``subject``: templates, already escaped."""
    request = context["request"]
    return mark_safe("".join(part.render(request) for part in slots.parts(name, request, subject)))


@register.simple_tag(takes_context=True)
def render_part(context: template.Context, part: slots.Part) -> SafeString:
    """Return a part that the view asked for, since it had to know of it: its template, escaped."""
    return mark_safe(part.render(context["request"]))
