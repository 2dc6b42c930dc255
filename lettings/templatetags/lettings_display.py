"""Tags and filters that show lettings: prices, facts, pictures, places, structured data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from lettings.models import SIZES, Address, Letting, Photo
from lettings.places import name_of

from ..browsing.forms import spell
from ..browsing.structured_data import as_script, letting_data
from ..browsing.tile_map import TILES

register = template.Library()

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
CARD_SIZES = "(min-width: 60rem) 24rem, (min-width: 38rem) 46vw, 94vw"
MAIN_SIZES = "(min-width: 60rem) 52rem, 94vw"
MORE_SIZES = "(min-width: 60rem) 26rem, 47vw"


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency's sign, or its ISO code if the sign is not well known.

    >>> money(Decimal("1250.00"), "USD"), money(Decimal("99.50"), "CHF")
    ('$1,250', 'CHF\\xa099.50')
    """
    decimals = 0 if amount == amount.to_integral() else 2
    number = number_format(amount, decimals, force_grouping=True)
    if sign := SYMBOLS.get(currency):
        # Translators: an amount of money with its sign: "$99.50", "99,50 €".
        return _("%(sign)s%(number)s") % {"sign": sign, "number": number}
    # Translators: an amount of money with its ISO code: "CHF 99.50", "99,50 CHF".
    return _("%(currency)s\xa0%(number)s") % {"currency": currency, "number": number}


@register.filter
def price(letting: Letting) -> str:
    """Return the price of a night in words."""
    if letting.price is None:
        return _("Price not given yet")
    return format_html(_("<b>{money}</b> a night"), money=money(letting.price, letting.currency))


@register.filter
def thousands(number: int) -> str:
    """Return a whole number with its digits in groups of three.

    >>> thousands(100006)
    '100,006'
    """
    return number_format(number, force_grouping=True)


@register.filter
def facts(letting: Letting) -> str:
    """Return the size of a letting, as far as it is known: "Studio · 1.5 bathrooms"."""
    parts = []
    if letting.bedrooms == 0:
        parts.append(_("Studio"))
    elif letting.bedrooms:
        words = ngettext("%(number)d bedroom", "%(number)d bedrooms", letting.bedrooms)
        parts.append(words % {"number": letting.bedrooms})
    if letting.bathrooms is not None:
        parts.append(_bathrooms(letting.bathrooms))
    if letting.sleeps and parts:
        words = ngettext("sleeps %(number)d", "sleeps %(number)d", letting.sleeps)
        parts.append(words % {"number": letting.sleeps})
    elif letting.sleeps:
        words = ngettext("Sleeps %(number)d", "Sleeps %(number)d", letting.sleeps)
        parts.append(words % {"number": letting.sleeps})
    return " · ".join(parts)


def _bathrooms(number: Decimal) -> str:
    """Return it in words. Which plural a half takes depends on the language.

    English has the plural for each number with a decimal, French from 2 on:
    https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
    """
    whole, half = divmod(number, 1)
    if half:
        words = npgettext("half", "%(number)s bathrooms", "%(number)s bathrooms", int(whole))
    else:
        words = ngettext("%(number)s bathroom", "%(number)s bathrooms", int(whole))
    return words % {"number": number_format(spell(number))}


@register.filter
def sizes(letting: Letting) -> list[tuple[str, str]]:
    """Return the sizes that are known, each with its label: [("Bedrooms", "2"), …]."""
    return [
        (capfirst(Letting._meta.get_field(name).verbose_name), _size(name, number))
        for name in SIZES
        if (number := getattr(letting, name)) is not None
    ]


def _size(name: str, number: int | Decimal) -> str:
    return _("Studio") if (name, number) == ("bedrooms", 0) else number_format(spell(number))


@register.filter
def summary(letting: Letting) -> str:
    """Return a one-line description for search engines and link previews."""
    place = f"{letting.address.city}, {state_name(letting.address)}"
    said = " ".join(letting.description.split())
    if not said:
        return _("A holiday home in %(place)s.") % {"place": place}
    return truncatechars(f"{place}. {said}", 160)


@register.filter
def state_name(address: Address) -> str:
    """Return the state's name, or its letters where they are no state of the USA."""
    if address.country_iso_code == "USA":
        return name_of(address.state)
    return address.state


@register.filter
def country_name(address: Address) -> str:
    """Return the country: a name for the USA, where most lettings are, else the ISO code."""
    return _("United States") if address.country_iso_code == "USA" else address.country_iso_code


def picture(photo: Photo, sizes: str, *, eager: bool) -> SafeString:
    """Return a photo as HTML: modern formats, several widths; lazy loading unless ``eager``."""
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
    """Return a card's photo as HTML; the first cards of a page load theirs at once."""
    for photo in letting.photos.all():
        return picture(photo, CARD_SIZES, eager=place <= 2)
    return _no_picture()


def _no_picture() -> SafeString:
    return format_html('<div class="no-picture">{}</div>', _("No picture yet"))


@register.simple_tag
def gallery(photos: list[Photo]) -> SafeString:
    """Return a letting's photos as HTML: the first one large, the others below it."""
    if not photos:
        return format_html('<div class="gallery">{}</div>', _no_picture())
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
    """Return the context of the map that shows a letting's state; we know only its address."""
    tile = TILES.get(address.state) if address.country_iso_code == "USA" else None
    return {"address": address, "tile": tile}


@register.inclusion_tag("lettings/_tiles.html")
def tile_map(states: list[str]) -> dict[str, Any]:
    """Return the context of the map of tiles, with links to the states that have lettings."""
    return {
        "tiles": [(TILES[state], name_of(state)) for state in sorted(states) if state in TILES]
    }


@register.simple_tag(takes_context=True)
def letting_data_script(context: template.Context, letting: Letting) -> SafeString:
    """Return the ``<script>`` of a letting's structured data (schema.org)."""
    return as_script(letting_data(letting, context["request"].build_absolute_uri))
