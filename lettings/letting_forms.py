"""A letting together with its address, as one form: what the admin's and the host's share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import construct_instance, fields_for_model

from core.web.forms import PlainTexts

from .models import Address, Letting

ADDRESS_FIELDS = ("number", "street", "city", "state", "zip_code", "country_iso_code")


def address_fields(**options: Any) -> type[forms.Form]:
    """Make a form of an address's fields; ``options`` are those of ``fields_for_model``.

    Letting.address points from the letting to its address, so neither an inline formset nor an
    admin inline, which need it the other way round, can show it.
    """
    fields = fields_for_model(Address, ADDRESS_FIELDS, **options)
    return type("AddressFields", (forms.Form,), fields)


class LettingForm(PlainTexts, forms.ModelForm):
    """A letting and, with ``address_fields``, its address; ``address`` is the unsaved Address."""

    class Meta:
        model = Letting
        exclude = ["address"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = self.instance.address if self.instance.address_id else Address()
        for name in ADDRESS_FIELDS:
            self.initial.setdefault(name, getattr(self.address, name))

    def clean(self) -> None:
        """Check the address by its own rules too."""
        super().clean()
        construct_instance(self, self.address, ADDRESS_FIELDS)
        try:
            self.address.full_clean(exclude=set(self.errors))
        except ValidationError as error:
            for name, errors in error.error_dict.items():
                if name not in self.errors:  # one word on a field is enough
                    self.add_error(None if name == NON_FIELD_ERRORS else name, errors)

    def save_address(self) -> None:
        """Save the address, which the letting points to; call it before the letting is saved."""
        self.address.save()
        self.instance.address = self.address
