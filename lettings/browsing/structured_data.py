"""Structured data about a letting for search engines: https://schema.org/LodgingBusiness"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import SafeString, mark_safe

from ..models import Address, Letting

# A title that contains "</script>" must not end the block:
# https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def letting_data(letting: Letting, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Return a letting's structured data; unknown values are left out.

    ``absolute`` turns a path of this site into a full address.
    """
    data = {
        "@context": "https://schema.org",
        "@type": "VacationRental",
        "@id": absolute(letting.get_absolute_url()),
        "identifier": str(letting.pk),
        "name": letting.title,
        "url": absolute(letting.get_absolute_url()),
        "description": letting.description,
        "image": [absolute(photo.url(960, "jpg")) for photo in letting.photos.all()],
        "address": _address(letting.address),
        "containsPlace": _place(letting),
        "makesOffer": _offer(letting),
    }
    return {name: value for name, value in data.items() if value}


def as_script(data: dict[str, Any]) -> SafeString:
    """Return the data as a ``<script>`` that runs nothing and that no value can end early.

    >>> as_script({"name": "</script>"})
    '<script type="application/ld+json">{"name": "\\\\u003C/script\\\\u003E"}</script>'
    """
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def _address(address: Address) -> dict[str, str]:
    code = {"postalCode": address.zip_code} if address.zip_code else {}
    return {
        "@type": "PostalAddress",
        "streetAddress": str(address),
        "addressLocality": address.city,
        "addressRegion": address.state,
        **code,
        "addressCountry": address.country_iso_code,
    }


def _place(letting: Letting) -> dict[str, Any]:
    place: dict[str, Any] = {"@type": "Accommodation", "additionalType": "EntirePlace"}
    if letting.sleeps:
        place["occupancy"] = {"@type": "QuantitativeValue", "value": letting.sleeps}
    if letting.bedrooms is not None:
        place["numberOfBedrooms"] = letting.bedrooms
    if letting.bathrooms is not None:
        # The sum counts a half as one: https://schema.org/numberOfBathroomsTotal
        full, half = int(letting.bathrooms), int(letting.bathrooms % 1 > 0)
        place["numberOfBathroomsTotal"] = full + half
        place |= {"numberOfFullBathrooms": full, "numberOfPartialBathrooms": half}
    return place


def _offer(letting: Letting) -> dict[str, Any] | None:
    if letting.price is None:
        return None
    return {
        "@type": "Offer",
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": str(letting.price),
            "priceCurrency": letting.currency,
            "unitCode": "DAY",
        },
    }
