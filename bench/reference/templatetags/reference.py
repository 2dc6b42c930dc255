"""What the plain templates need to show a picture."""

from django import template

register = template.Library()


@register.filter
def srcset(photo, format):
    """Give the photo's addresses in one format."""
    return photo.srcset(format)
