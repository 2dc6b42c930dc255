"""The forms of one's own account that allauth has not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from oc_lettings_site.uploads import ACCEPT
from profiles import faces
from profiles.models import Profile


class ProfileForm(forms.ModelForm):
    """What others see of a user; the name is the user's, the rest the profile's."""

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    file = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("A JPEG, PNG, WebP or AVIF file of at least 256 × 256 pixels."),
    )
    no_picture = forms.BooleanField(label=_("Show no picture"), required=False)

    field_order = ["first_name", "last_name", "favorite_city", "about", "file", "no_picture"]

    class Meta:
        model = Profile
        fields = ["favorite_city", "about"]
        widgets = {"about": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.instance.user
        self.initial |= {"first_name": user.first_name, "last_name": user.last_name}
        if not self.instance.picture:
            del self.fields["no_picture"]

    def clean_file(self) -> UploadedFile | None:
        """Check the upload, if there is one."""
        file = self.cleaned_data["file"]
        self.face = faces.open_face(file) if file else None
        return file

    def save(self, commit: bool = True) -> Profile:
        """Save profile and user; the old picture's file goes when a new one takes its place."""
        user = self.instance.user
        user.first_name = self.cleaned_data["first_name"]
        user.last_name = self.cleaned_data["last_name"]
        user.save(update_fields=["first_name", "last_name"])
        if self.face or self.cleaned_data.get("no_picture"):
            faces.delete_after_commit(self.instance.picture.name)
            self.instance.picture = faces.store(self.face) if self.face else ""
        return super().save(commit)
