"""One form for a letting and its address, shared by the admin and the host's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import construct_instance, fields_for_model

from core.web.forms import PlainTexts

from .models import Address, Letting

ADDRESS_FIELDS = ("number", "street", "city", "state", "zip_code", "country_iso_code")


def address_fields(**options: Any) -> type[forms.Form]:
    """Return a form class with an address's fields; ``options`` go to ``fields_for_model``.

    Letting.address points from the letting to its address, so neither an inline formset nor an
    admin inline, which need it the other way round, can show it.
    """
    fields = fields_for_model(Address, ADDRESS_FIELDS, **options)
    return type("AddressFields", (forms.Form,), fields)


class LettingForm(PlainTexts, forms.ModelForm):
    """A letting and, by ``address_fields``, its address; ``address`` is the unsaved Address."""

    class Meta:
        model = Letting
        exclude = ["address"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = self.instance.address if self.instance.address_id else Address()
        for name in ADDRESS_FIELDS:
            self.initial.setdefault(name, getattr(self.address, name))

    def clean(self) -> None:
        """Return the cleaned data; check the address by its model's rules too."""
        super().clean()
        construct_instance(self, self.address, ADDRESS_FIELDS)
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
