"""The admin's forms: a letting together with its address, and a photo with its upload."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminIntegerFieldWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.models import construct_instance, fields_for_model

from . import cleanup, pictures
from .models import Address, Letting, Photo

ADDRESS_FIELDS = ("number", "street", "city", "state", "zip_code", "country_iso_code")

# Letting.address points from the letting to its address, so an admin inline, which needs it the
# other way round, can't show it; the form of the letting carries the fields itself.
AddressFields = type(
    "AddressFields",
    (forms.Form,),
    fields_for_model(
        Address,
        ADDRESS_FIELDS,
        widgets={name: AdminTextInputWidget for name in ADDRESS_FIELDS}
        | {"number": AdminIntegerFieldWidget},
    ),
)


class LettingForm(AddressFields, forms.ModelForm):
    """A letting and its address as one form; ``address`` is the unsaved Address."""

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
            self.add_error(None, error)


class PhotoForm(forms.ModelForm):
    """A photo; what is uploaded is stored in every rendition when the form is saved."""

    file = forms.FileField(
        label="picture",
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ",".join(f"image/{name.lower()}" for name in pictures.ACCEPTED)}
        ),
    )

    class Meta:
        model = Photo
        fields = ["alt", "position"]

    def clean_file(self) -> UploadedFile | None:
        """Check the upload, if there is one; a new photo needs one."""
        file = self.cleaned_data["file"]
        self.master = pictures.open_upload(file) if file else None
        if not file and not self.instance.pk:
            raise ValidationError("Choose a picture.")
        return file

    def save(self, commit: bool = True) -> Photo:
        """Store the renditions and save the photo."""
        if self.master:
            cleanup.delete_if_unused(self.instance.image.name)
            self.instance.image = pictures.store(self.master)
        return super().save(commit)
