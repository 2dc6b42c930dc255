"""Texts of every script and length in all that people write; runs inside the site."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User

from accounts.models import ApiToken
from background.models import Mail
from enquiries.models import Enquiry, Message
from lettings.models import Address, Draft, Letting, Photo
from profiles.models import Profile

from .site import GUEST

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 4
# As Google's "share" copies a place; the numbers are nobody's.
MAP = (
    "https://www.google.com/maps/place/Old+Railroad+Cut+Lane/@33.1284,-107.2528,3a,75y,90h,90t"
    "/data=!3m8!1e2!3m6!1sAF1QipPvHqQy5cKx7Q0tWmZ8n2rLbS4dUeXoYgJhVkTa!2e10!3e12!6shttps:%2F%2F"
    "lh5.googleusercontent.com%2Fp%2FAF1QipPvHqQy5cKx7Q0tWmZ8n2rLbS4dUeXoYgJhVkTa%3Dw203-h152-k-no"
    "!7i4032!8i3024!4m7!3m6!1s0x0:0x0!8m2!3d33.1284!4d-107.2528!10e5!16s%2Fg%2F11c0"
)
# Unicode's own names of the kinds: https://www.unicode.org/reports/tr9/, tr51, tr15, tr24
TEXTS = {
    "a word": WORD[:300],
    "a link": MAP,
    "capitals": "W" * 300,
    "Arabic": "بيت صغير على ضفة النهر، بحديقة واسعة وموقد حطب قرب السوق القديم " * 4,
    "Hebrew": "בית קטן על גדת הנהר עם גינה רחבה ותנור עצים ליד השוק הישן " * 4,
    "Chinese": "河畔的老木屋带有宽敞的露台和柴火炉步行可至集市与车站" * 10,
    "Japanese": "川沿いの古い木造家屋、広いデッキと薪ストーブ付き、市場まで徒歩五分" * 8,
    "Thai": "บ้านไม้เก่าริมแม่น้ำพร้อมระเบียงกว้างและเตาผิงใกล้ตลาดเก่า" * 5,
    "Hindi": "नदी के किनारे लकड़ी का पुराना घर जिसमें चौड़ा बरामदा और चूल्हा है " * 4,
    "emoji": "👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈🇫🇷🧑🏿‍🤝‍🧑🏻❤️‍🔥" * 12,
    "marks": "Z̸̈́a̧̋l̨̀g̈̄ó̦ " * 40 + "Việt ŷ̄",
    "both ways": "The house בית on the river النهر, no. 12 (ground floor) " * 5,
    "hyphens": "-" * 120 + "/" * 90 + "_" * 90,
    "capital sharp s": "GROẞE STRAẞE" * 25,
}


def fill() -> None:
    """Replace the words of every row, but names that an address has or somebody signs in with."""
    texts = cycle(TEXTS.values())
    for model, fields in FIELDS:
        for row in model.objects.order_by("pk"):
            for field in fields:
                most = model._meta.get_field(field).max_length
                setattr(row, field, next(texts)[:most].strip())
            row.save()
    Letting.objects.update(price="999999.99", currency="CHF", bedrooms=32767, sleeps=32767)
    _names()
    _drafts(texts)


FIELDS = (
    (Address, ["street", "city"]),
    (Letting, ["title", "description"]),
    (Photo, ["alt"]),
    (Profile, ["favorite_city", "about"]),
    (User, ["first_name", "last_name"]),
    (Enquiry, ["letting_title", "guest_name"]),
    (Message, ["text"]),
    (Mail, ["subject", "error"]),
    (ApiToken, ["name"]),
)


def _names() -> None:
    letters = cycle(("W" * 140, "ا" * 140, "ш" * 140, "桜" * 140, "i" * 140))
    for user in User.objects.exclude(username__in=["AirWow", "DavWin", GUEST]):
        user.username = f"{next(letters)}{user.pk}"
        user.save()
    for key in Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN):
        key.data["name"] = WORD[:100]
        key.save()


def _drafts(texts: Iterator[str]) -> None:
    for draft in Draft.objects.order_by("pk"):
        for name in ("title", "description", "street", "city"):
            draft.data["words"][name] = next(texts)
        draft.data["pictures"] = [[pk, next(texts)] for pk, _alt in draft.data["pictures"]]
        draft.save()
