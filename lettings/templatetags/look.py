"""How the site shows lettings: prices, facts, pictures, places, and what robots read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lettings.models import Address, Letting, Photo
from lettings.places import STATES
from lettings.structured_data import as_script, letting_data
from lettings.tilemap import TILES

register = template.Library()

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
CARD_SIZES = "(min-width: 60rem) 24rem, (min-width: 38rem) 46vw, 94vw"
MAIN_SIZES = "(min-width: 60rem) 52rem, 94vw"
MORE_SIZES = "(min-width: 60rem) 26rem, 47vw"


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """Write an amount with its sign, or its ISO code where the sign is not known to all.

    >>> money(Decimal("1250.00"), "USD"), money(Decimal("99.50"), "CHF")
    ('$1,250', 'CHF\\xa099.50')
    """
    number = f"{amount:,.2f}".removesuffix(".00")
    return SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}") + number


@register.filter
def price(letting: Letting) -> str:
    """Say what a night costs."""
    if letting.price is None:
        return "Price not given yet"
    return format_html("<b>{}</b> a night", money(letting.price, letting.currency))


@register.filter
def thousands(number: int) -> str:
    """Write a whole number in groups of three.

    >>> thousands(100006)
    '100,006'
    """
    return f"{number:,}"


@register.filter
def facts(letting: Letting) -> str:
    """Say how large the letting is, as far as it is known: "2 bedrooms · sleeps 4"."""
    parts = []
    if letting.bedrooms is not None:
        plural = "" if letting.bedrooms == 1 else "s"
        parts.append(f"{letting.bedrooms} bedroom{plural}" if letting.bedrooms else "Studio")
    if letting.sleeps:
        parts.append(f"sleeps {letting.sleeps}" if parts else f"Sleeps {letting.sleeps}")
    return " · ".join(parts)


@register.filter
def summary(letting: Letting) -> str:
    """Describe a letting in one line, for search engines and link previews."""
    place = f"{letting.address.city}, {state_name(letting.address)}"
    said = " ".join(letting.description.split())
    return truncatechars(f"{place}. {said}" if said else f"A holiday home in {place}.", 160)


@register.filter
def state_name(address: Address) -> str:
    """Give the state's name, or its letters where they are no state of the USA."""
    if address.country_iso_code == "USA":
        return STATES.get(address.state, address.state)
    return address.state


@register.filter
def country_name(address: Address) -> str:
    """Give the country: the name for the USA, where nearly all lettings are, else its ISO code."""
    return "United States" if address.country_iso_code == "USA" else address.country_iso_code


def picture(photo: Photo, sizes: str, *, eager: bool) -> SafeString:
    """Show a photo in modern formats, in the width the browser needs; lazily unless ``eager``."""
    return format_html(
        '<picture>{}<img src="{}" alt="{}" width="960" height="640" {}></picture>',
        _sources(photo, sizes) if photo.is_made else "",
        photo.url(960, "jpg"),
        photo.alt,
        mark_safe('fetchpriority="high"' if eager else 'loading="lazy" decoding="async"'),
    )


def _sources(photo: Photo, sizes: str) -> SafeString:
    return format_html(
        '<source type="image/avif" srcset="{}" sizes="{}">'
        '<source type="image/webp" srcset="{}" sizes="{}">',
        photo.srcset("avif"),
        sizes,
        photo.srcset("webp"),
        sizes,
    )


@register.simple_tag
def card_picture(letting: Letting, place: int) -> SafeString:
    """Show a letting's first photo on a card; the first cards of a page load at once."""
    for photo in letting.photos.all():
        return picture(photo, CARD_SIZES, eager=place <= 2)
    return mark_safe('<div class="no-picture">No picture yet</div>')


@register.simple_tag
def gallery(photos: list[Photo]) -> SafeString:
    """Show a letting's photos: the first one large, the others beneath."""
    if not photos:
        return mark_safe('<div class="gallery"><div class="no-picture">No picture yet</div></div>')
    more = format_html_join(
        "", "<li>{}</li>", ((picture(photo, MORE_SIZES, eager=False),) for photo in photos[1:])
    )
    return format_html(
        '<div class="gallery">{}{}</div>',
        picture(photos[0], MAIN_SIZES, eager=True),
        format_html("<ul>{}</ul>", more) if more else "",
    )


@register.inclusion_tag("lettings/_locator.html")
def locator(address: Address) -> dict[str, Any]:
    """Show which state a letting is in; we know no more than its address says."""
    tile = TILES.get(address.state) if address.country_iso_code == "USA" else None
    return {"address": address, "tile": tile}


@register.inclusion_tag("lettings/_tiles.html")
def tile_map(states: list[str]) -> dict[str, Any]:
    """Show the states that have lettings as links on the map of tiles."""
    return {"tiles": [(TILES[state], STATES[state]) for state in sorted(states) if state in TILES]}


@register.simple_tag(takes_context=True)
def letting_data_script(context: template.Context, letting: Letting) -> SafeString:
    """Tell search engines about a letting, in schema.org's words."""
    return as_script(letting_data(letting, context["request"].build_absolute_uri))
