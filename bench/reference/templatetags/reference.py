"""What the plain templates need to show a picture."""

from django import template
from django.templatetags.static import static

register = template.Library()


@register.filter
def srcset(photo, format):
    """Return the photo's addresses in one format."""
    stem = photo.image.name.rpartition("-")[0]
    widths = (480, 960, 1440)
    return ", ".join(
        static(f"lettings/{stem}-{width}.{format}") + f" {width}w" for width in widths
    )


@register.filter
def src(photo):
    """Return the address that browsers without modern formats take."""
    return static(f"lettings/{photo.image.name.rpartition('-')[0]}-960.jpg")
