"""Lettings, their addresses and photos, what users saved, and hosts' drafts."""

from __future__ import annotations

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .browsing import orders
from .codes import CAPITALS, DIGITS, spelled, us_state, us_zip_code
from .photos import pictures
from .postal_codes import WITHOUT_POSTAL_CODES
from .querysets import LettingQuerySet

HIGHEST_HOUSE = 999_999_999  # what an integer of PostgreSQL holds in any case


class Address(models.Model):
    """A postal address; the zip code is text, since leading zeros count.

    A house number that is none ("12A", "37-15", "N6W23001") is in ``house_number``, and ``number``
    is 0 then; a plain one is in ``number`` alone, as the old site and older releases have it.
    ``set_house_number`` and ``house`` know.
    """

    number = models.PositiveIntegerField(
        _("number"), validators=[MaxValueValidator(HIGHEST_HOUSE)]
    )
    house_number = models.CharField(
        _("house number"), max_length=16, blank=True, default="", db_default=""
    )
    street = models.CharField(_("street"), max_length=64)
    city = models.CharField(_("city"), max_length=64)
    state = models.CharField(
        pgettext_lazy("of the USA", "state"),
        max_length=2,
        help_text=_("Two letters, such as GA."),
    )
    zip_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    country_iso_code = models.CharField(
        _("country"),
        max_length=3,
        default="USA",
        help_text=_("ISO 3166-1 alpha-3, such as USA."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("address"), _("addresses")
        indexes = [
            models.Index(fields=["state"], name="lettings_address_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=spelled("state", 2, CAPITALS + DIGITS),
                name="lettings_address_state_two_capitals",
                violation_error_message=_(
                    "Write the state as two capital letters or digits, such as GA."
                ),
            ),
            models.CheckConstraint(
                condition=spelled("country_iso_code", 3, CAPITALS),
                name="lettings_address_country_iso_code",
                violation_error_message=_(
                    "Write the country as three capital letters (ISO 3166-1), such as USA."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.house} {self.street}".strip()

    @property
    def house(self) -> str:
        """Return the house number as it is written, or "" where there is none."""
        return str(self.number) if self.number else self.house_number

    def set_house_number(self, text: str) -> None:
        """Keep a house number: as a number if it is one, without zeros before it."""
        is_plain = re.fullmatch("0|[1-9][0-9]{0,8}", text) is not None
        self.number, self.house_number = (int(text), "") if is_plain else (0, text)

    def clean(self) -> None:
        """Check what depends on the country; raises ValidationError."""
        if self.country_iso_code != "USA":
            if not self.zip_code and self.country_iso_code not in WITHOUT_POSTAL_CODES:
                raise ValidationError({"zip_code": gettext("Write the postal code.")})
            return
        errors = {}
        for name, validate in (("state", us_state), ("zip_code", us_zip_code)):
            try:
                validate(getattr(self, name))
            except ValidationError as error:
                errors[name] = error
        if errors:
            raise ValidationError(errors)


PUBLISHED = Q(published_at__isnull=False)
# What a PositiveSmallIntegerField holds on every database:
# https://docs.djangoproject.com/en/5.2/ref/models/fields/#positivesmallintegerfield
HIGHEST_NUMBER = 32767
MOST_BATHS = 99
# The columns for a letting's size, in the order in which pages and forms show them.
SIZES = ("bedrooms", "bathrooms", "sleeps")


class Letting(models.Model):
    """A place to stay. Price and sizes are empty where the owner has not said yet."""

    title = models.CharField(_("title"), max_length=256)
    address = models.OneToOneField(Address, on_delete=models.CASCADE, verbose_name=_("address"))
    description = models.TextField(_("description"), blank=True)
    price = models.DecimalField(
        _("price a night"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="USD", help_text=_("ISO 4217, such as USD.")
    )
    bedrooms = models.PositiveSmallIntegerField(
        _("bedrooms"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(HIGHEST_NUMBER)],
        help_text=_("0 for a studio."),
    )
    bathrooms = models.DecimalField(
        _("bathrooms"),
        max_digits=3,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_BATHS), StepValueValidator(0.5)],
        help_text=_("A half has a toilet, and neither bath nor shower: 1.5."),
    )
    sleeps = models.PositiveSmallIntegerField(
        _("sleeps"),
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, _("A letting sleeps at least one person.")),
            MaxValueValidator(HIGHEST_NUMBER),
        ],
    )
    host = models.ForeignKey(
        "profiles.Profile",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lettings",
        verbose_name=_("host"),
    )
    published_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        help_text=_("Empty for a draft, which only its host and staff can see."),
    )

    objects = LettingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("letting"), _("lettings")
        # For the orders and filters of the index; lettings that are not published are in none.
        indexes = [
            models.Index(
                fields=["published_at", "id"], name="lettings_newest", condition=PUBLISHED
            ),
            models.Index(orders.PRICE_UP, name="lettings_price_up", condition=PUBLISHED),
            models.Index(orders.PRICE_DOWN, name="lettings_price_down", condition=PUBLISHED),
            models.Index(orders.SLEEPS_MOST, name="lettings_sleeps_most", condition=PUBLISHED),
            models.Index(fields=["price"], name="lettings_price", condition=PUBLISHED),
            models.Index(fields=["sleeps"], name="lettings_sleeps", condition=PUBLISHED),
            models.Index(fields=["bedrooms"], name="lettings_bedrooms", condition=PUBLISHED),
            models.Index(fields=["bathrooms"], name="lettings_bathrooms", condition=PUBLISHED),
            # For the feed, which reads the newest of each host.
            models.Index(
                fields=["host", "published_at", "id"],
                name="lettings_of_host",
                condition=PUBLISHED,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gt=0),
                name="lettings_letting_price_positive",
                violation_error_message=_("The price a night must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(sleeps__gte=1),
                name="lettings_letting_sleeps_at_least_one",
                violation_error_message=_("A letting sleeps at least one person."),
            ),
            models.CheckConstraint(
                condition=spelled("currency", 3, CAPITALS),
                name="lettings_letting_currency_iso_code",
                violation_error_message=_(
                    "Write the currency as three capital letters (ISO 4217), such as USD."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the path of the public page."""
        return reverse("lettings:letting", args=[self.pk])

    def is_public(self, at: datetime | None = None) -> bool:
        """Return whether visitors see it at that moment (default: now)."""
        return self.published_at is not None and self.published_at <= (at or timezone.now())


class Saved(models.Model):
    """A letting that somebody wants to find again."""

    profile = models.ForeignKey("profiles.Profile", on_delete=models.CASCADE, related_name="saved")
    letting = models.ForeignKey(Letting, on_delete=models.CASCADE, related_name="saved_by")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("saved letting"), _("saved lettings")
        constraints = [
            models.UniqueConstraint(fields=["profile", "letting"], name="lettings_saved_once")
        ]

    def __str__(self) -> str:
        words = gettext("%(profile)s saved %(letting)s")
        return words % {"profile": self.profile_id, "letting": self.letting_id}


class Draft(models.Model):
    """What a host has typed and not published, kept as it was typed, however incomplete.

    A letting is whole: what can't be one yet is here, in ``drafting``'s words. ``stamp`` tells
    one state of it from another, so that two windows don't overwrite each other.
    """

    host = models.ForeignKey("profiles.Profile", on_delete=models.CASCADE, related_name="drafts")
    letting = models.OneToOneField(
        Letting,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        help_text=_("Empty for a new one."),
    )
    data = models.JSONField(default=dict)
    stamp = models.CharField(max_length=32)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("draft"), _("drafts")

    def __str__(self) -> str:
        return self.data.get("words", {}).get("title") or gettext("Untitled")

    def get_absolute_url(self) -> str:
        """Return the path of the page where its host works on it."""
        if self.letting_id:
            return reverse("lettings:edit", args=[self.letting_id])
        return reverse("lettings:draft", args=[self.pk]) if self.pk else reverse("lettings:new")


class Photo(models.Model):
    """A picture of a letting, with the words for those who can't see it.

    Until its host publishes it, it belongs to a draft and to no letting.
    """

    letting = models.ForeignKey(
        Letting, on_delete=models.CASCADE, related_name="photos", null=True, blank=True
    )
    draft = models.ForeignKey(
        Draft,
        on_delete=models.CASCADE,
        related_name="photos",
        null=True,
        blank=True,
        editable=False,
    )
    image = models.ImageField(upload_to="photos/", width_field="width", height_field="height")
    alt = models.CharField(
        _("alternative text"),
        max_length=200,
        help_text=_("What the picture shows, in one sentence."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # Whether every size and format is there; until then there is one JPEG.
    is_made = models.BooleanField(default=True, db_default=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("photo"), _("photos")
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["id"], name="lettings_photo_waiting", condition=Q(is_made=False))
        ]

    def __str__(self) -> str:
        return self.alt

    def url(self, width: int = 960, format: str = "jpg") -> str:
        """Return the address of one rendition: 480, 960 or 1440 wide, avif or webp; 960 as jpg.

        Until it is made, that of the JPEG.
        """
        if not self.is_made:
            width, format = pictures.FIRST
        return pictures.url(self.image.name, width, format)

    def srcset(self, format: str) -> str:
        """Return the ``srcset`` of every width in that format."""
        return pictures.srcset(self.image.name, format)
