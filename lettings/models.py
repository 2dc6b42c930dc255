"""What is let: a letting, its address and its photos."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from .querysets import LettingQuerySet


class Address(models.Model):
    """A postal address; the zip code is text, since leading zeros count."""

    number = models.PositiveIntegerField(validators=[MaxValueValidator(9999)])
    street = models.CharField(max_length=64)
    city = models.CharField(max_length=64)
    state = models.CharField(
        max_length=2,
        validators=[MinLengthValidator(2)],
        help_text="Two letters, such as GA.",
    )
    zip_code = models.CharField("ZIP code", max_length=10)
    country_iso_code = models.CharField(
        "country",
        max_length=3,
        default="USA",
        validators=[MinLengthValidator(3)],
        help_text="ISO 3166-1 alpha-3, such as USA.",
    )

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__regex=r"^[A-Z]{2}$"),
                name="lettings_address_state_two_letters",
                violation_error_message="Write the state as two capital letters, such as GA.",
            ),
            models.CheckConstraint(
                condition=Q(country_iso_code__regex=r"^[A-Z]{3}$"),
                name="lettings_address_country_iso_code",
                violation_error_message=(
                    "Write the country as three capital letters (ISO 3166-1), such as USA."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.street}"


class Letting(models.Model):
    """A place to stay. Price, bedrooms and sleeps are empty where the owner has not said yet."""

    title = models.CharField(max_length=256)
    address = models.OneToOneField(Address, on_delete=models.CASCADE)
    description = models.TextField(blank=True)
    price = models.DecimalField(
        "price a night",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
    )
    currency = models.CharField(max_length=3, default="USD", help_text="ISO 4217, such as USD.")
    bedrooms = models.PositiveSmallIntegerField(null=True, blank=True)
    sleeps = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)]
    )
    host = models.ForeignKey(
        "profiles.Profile",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lettings",
    )
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty for a draft, which only staff can see."
    )

    objects = LettingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gt=0),
                name="lettings_letting_price_positive",
                violation_error_message="The price a night must be more than zero.",
            ),
            models.CheckConstraint(
                condition=Q(sleeps__gte=1),
                name="lettings_letting_sleeps_at_least_one",
                violation_error_message="A letting sleeps at least one person.",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
                name="lettings_letting_currency_iso_code",
                violation_error_message=(
                    "Write the currency as three capital letters (ISO 4217), such as USD."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the path of the public page."""
        return reverse("lettings:letting", args=[self.pk])


class Photo(models.Model):
    """A picture of a letting, with the words for those who can't see it."""

    letting = models.ForeignKey(Letting, on_delete=models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="photos/", width_field="width", height_field="height")
    alt = models.CharField(
        "alternative text", max_length=200, help_text="What the picture shows, in one sentence."
    )
    position = models.PositiveSmallIntegerField(default=0)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.alt
