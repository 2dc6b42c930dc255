"""The admin's forms: a letting together with its address, and a photo with its upload."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.files.uploads import ACCEPT
from core.web.forms import PlainTexts
from core.web.datetimes import KeepsMoments

from .. import letting_forms
from ..letting_forms import (
    ADDRESS_FIELDS,
    COLUMNS,
    HouseNumberField,
    address_fields,
    shown_number,
)
from ..models import Address, Photo
from ..photos import files, pictures

AdminAddressFields = address_fields(
    widgets={name: AdminTextInputWidget for name in ADDRESS_FIELDS}
)


class LettingForm(KeepsMoments, AdminAddressFields, letting_forms.LettingForm):
    """A letting and its address, with the admin's widgets."""


class AddressForm(PlainTexts, forms.ModelForm):
    """An address by itself."""

    house = HouseNumberField(label=_("number"), widget=AdminTextInputWidget)

    class Meta:
        model = Address
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("house", shown_number(self.instance))

    def clean(self) -> None:
        """Return the cleaned data; set the house number."""
        super().clean()
        self.instance.set_house_number(self.cleaned_data.get("house", ""))


class PhotoForm(PlainTexts, forms.ModelForm):
    """A photo and its upload, which is stored when the form is saved."""

    file = forms.FileField(
        label=_("picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    class Meta:
        model = Photo
        fields = ["alt", "position"]

    def clean_file(self) -> UploadedFile | None:
        """Return the checked upload, if there is one; a new photo needs one."""
        file = self.cleaned_data["file"]
        self.upload = pictures.opened(file) if file else None
        if not file and not self.instance.pk:
            raise ValidationError(gettext("Choose a picture."))
        return file

    def save(self, commit: bool = True) -> Photo:
        """Store the picture and save the photo; a background job makes the other sizes."""
        if self.upload:
            files.delete_if_unused(self.instance.image.name)
            self.instance.image = pictures.keep(self.upload)
            self.instance.is_made = False
        return super().save(commit)
