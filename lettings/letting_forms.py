"""One form for a letting and its address, shared by the admin and the host's pages."""

from __future__ import annotations

from typing import Any
from unicodedata import category

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import construct_instance, fields_for_model
from django.utils.translation import gettext_lazy as _

from core.web.forms import PlainTexts

from .models import Address, Letting

COLUMNS = ("street", "city", "state", "zip_code", "country_iso_code")
ADDRESS_FIELDS = ("number", *COLUMNS)


class HouseNumberField(forms.CharField):
    """A house number, which need not be a number: "12A", "37-15", "N6W23001", "1/2"."""

    default_error_messages = {
        "none": _("Write the number as it is on the house, such as 12, 12A or 37-15.")
    }

    def __init__(self, **options: Any) -> None:
        length = Address._meta.get_field("house_number").max_length
        super().__init__(max_length=length, **options)

    def clean(self, value: Any) -> str:
        """Return the text; raise ValidationError if it has neither a letter nor a digit.

        Marks of direction and width come along where a number is copied from elsewhere.
        """
        text = "".join(each for each in super().clean(value) if category(each) != "Cf").strip()
        if text and not any(character.isalnum() for character in text):
            raise ValidationError(self.error_messages["none"], code="none")
        return text


def address_fields(**options: Any) -> type[forms.Form]:
    """Return a form class with an address's fields; ``options`` go to ``fields_for_model``.

    Letting.address points from the letting to its address, so neither an inline formset nor an
    admin inline, which need it the other way round, can show it.
    """
    number = {
        "label": options.get("labels", {}).get("number", _("number")),
        "widget": options.get("widgets", {}).get("number", forms.TextInput),
    }
    fields = {"number": HouseNumberField(**number)} | fields_for_model(Address, COLUMNS, **options)
    return type("AddressFields", (forms.Form,), fields)


def shown_number(address: Address) -> str:
    """Return the house number for a form; an old address without one has 0, and keeps it."""
    return address.house or ("0" if address.pk else "")


class LettingForm(PlainTexts, forms.ModelForm):
    """A letting and, by ``address_fields``, its address; ``address`` is the unsaved Address."""

    class Meta:
        model = Letting
        exclude = ["address"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = self.instance.address if self.instance.address_id else Address()
        for name in COLUMNS:
            self.initial.setdefault(name, getattr(self.address, name))
        self.initial.setdefault("number", shown_number(self.address))

    def clean(self) -> None:
        """Return the cleaned data; check the address by its model's rules too."""
        super().clean()
        construct_instance(self, self.address, COLUMNS)
        self.address.set_house_number(self.cleaned_data.get("number", ""))
        try:
            self.address.full_clean(exclude=set(self.errors))
        except ValidationError as error:
            for name, errors in error.error_dict.items():
                if name not in self.errors:  # one error for each field is enough
                    self.add_error(None if name == NON_FIELD_ERRORS else name, errors)

    def save_address(self) -> None:
        """Save the address; call it before the letting is saved, which points to it."""
        self.address.save()
        self.instance.address = self.address
