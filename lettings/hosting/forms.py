"""The host's form: a letting, its address and the alternative texts of its pictures."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.text.shown import one_line

from .. import letting_forms
from ..browsing.forms import NumberField
from ..codes import CODE, STATE
from ..models import SIZES, Letting, Photo

LONGEST_DESCRIPTION = 10_000
# Not <input type="number">, which sends nothing for what it can't read: it would be lost.
DIGITS = forms.TextInput(attrs={"inputmode": "numeric"})
DECIMAL = forms.TextInput(attrs={"inputmode": "decimal"})


def host_field(column: models.Field, **options: Any) -> forms.Field:
    """Return the form's field of a column; numbers are typed as text."""
    if isinstance(column, models.DecimalField):
        options |= {"form_class": NumberField, "widget": DECIMAL}
    elif isinstance(column, models.IntegerField):
        options |= {"widget": DIGITS}
    return column.formfield(**options)


HostAddressFields = letting_forms.address_fields(
    formfield_callback=host_field,
    labels={
        "number": _("House number"),
        "street": _("Street"),
        "city": _("City"),
        "zip_code": _("ZIP code"),
    },
)


class CodeField(forms.CharField):
    """A code in capitals that may be typed in small letters; it must match ``pattern``."""

    def __init__(self, pattern: str, message: str, **options: Any) -> None:
        super().__init__(help_text=message, **options)
        self.validators.append(RegexValidator(rf"\A{pattern}\Z", message))

    def to_python(self, value: Any) -> str:
        """Return the text in capitals."""
        return super().to_python(value).upper()


class AltField(forms.CharField):
    """The alternative text of a picture: what it shows."""

    default_error_messages = {
        "required": _("Say what the picture shows, for those who can't see it.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=Photo._meta.get_field("alt").max_length, **options)

    def to_python(self, value: Any) -> str:
        """Return one line. It is done here because the API uses the field without a form."""
        return one_line(super().to_python(value))


def alt_name(photo_id: int) -> str:
    """Return the name of the field that holds a picture's alternative text."""
    return f"alt-{photo_id}"


class HostForm(HostAddressFields, letting_forms.LettingForm):
    """All that a public page needs, with a field for each picture's alternative text."""

    use_required_attribute = False  # a draft may be saved incomplete

    state = CodeField(
        STATE, _("Two letters, such as GA."), label=pgettext_lazy("of the USA", "State")
    )
    country_iso_code = CodeField(
        CODE, _("Three letters (ISO 3166-1), such as USA."), label=_("Country")
    )
    currency = CodeField(CODE, _("Three letters (ISO 4217), such as USD."), label=_("Currency"))
    price = NumberField(
        label=_("Price a night"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        widget=DECIMAL,
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    class Meta:
        model = Letting
        fields = ["title", "description", "price", "currency", *SIZES]
        formfield_callback = host_field
        labels = {"title": _("Title")}

    @property
    def sizes(self) -> list[forms.BoundField]:
        """Return the fields for the letting's size, for the page."""
        return [self[name] for name in SIZES]

    def __init__(self, *args: Any, photos: Iterable[Photo] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.photos = list(photos)
        for number, photo in enumerate(self.photos, 1):
            label = gettext("What picture %(number)d shows") % {"number": number}
            self.fields[alt_name(photo.pk)] = AltField(label=label)
