"""The forms of accounts that allauth lacks, or that differ from allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.webauthn.forms import EditWebAuthnForm
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import (
    get_default_password_validators,
    password_validators_help_text_html,
)
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.files.uploads import ACCEPT
from core.web.client_address import household
from core.web.forms import PlainTexts
from profiles import avatars, names, time_zones
from profiles.models import Profile
from ratelimits.hits import DAY, hit

from . import mail_limits, passwords
from .api.tokens import TokenRevokingValidator


class NewPassword:
    """Mixin for a form with a new password: both times it is typed are read in the normal form."""

    def clean_password1(self) -> str:
        """Return the password's normal form."""
        return passwords.normal(self.cleaned_data["password1"])

    def clean_password2(self) -> str:
        """Return the normal form of what was typed again."""
        return passwords.normal(self.cleaned_data["password2"])


class SetPasswordForm(NewPassword, allauth.SetPasswordForm):
    """allauth's form for who has no password yet."""


class ResetPasswordKeyForm(NewPassword, allauth.ResetPasswordKeyForm):
    """allauth's form behind the link of a mail."""


class SignupForm(NewPassword, allauth.SignupForm):
    """allauth's form, without the help text about tokens: a new user has none."""

    # A plain field: a script fills it in, so a wrong value must not be the user's error.
    time_zone = forms.Field(required=False, widget=forms.HiddenInput({"data-time-zone": ""}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = get_default_password_validators()
        rules = [rule for rule in rules if not isinstance(rule, TokenRevokingValidator)]
        self.fields["password1"].help_text = password_validators_help_text_html(rules)

    def clean(self) -> dict[str, Any]:
        """Limit the accounts from one network address, and so the mails that they cause."""
        cleaned = super().clean()
        if not self.errors:
            name = f"sign-up: {household(context.request)}"
            if hit(name, mail_limits.SIGN_UPS_A_DAY, DAY):
                raise forms.ValidationError(
                    _(
                        "Too many accounts were created from your network today. Try again"
                        " tomorrow, or from another network."
                    )
                )
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Create the account, in one transaction; take as long for an address that has one.

        Hashing the password takes most of the time, and would reveal whether an address is known.
        An account without an address to confirm would be taken for one of the site of 2021.
        Show the form again if somebody took the name since it was checked.
        """
        if self.account_already_exists:
            get_user_model()().set_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if not names.is_taken(self.cleaned_data["username"]):
                raise
            self.add_error("username", get_adapter().validation_error("username_taken"))
            return None, render(request, "account/signup.html", {"form": self})

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Save the time zone that the browser named, if it exists."""
        super().custom_signup(request, user)
        user.profile.time_zone = time_zones.find(self.cleaned_data.get("time_zone") or "")
        user.profile.save(update_fields=["time_zone"])


class ResetPasswordForm(allauth.ResetPasswordForm):
    """allauth's form; the same answer, in the same time, whether an account exists or not."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send a link to the owner of the address, if there is one."""
        self.users = self.users or [get_user_model()(pk=0)]
        return super().save(request, **kwargs)


class ChangePasswordForm(NewPassword, allauth.ChangePasswordForm):
    """allauth's; a wrong present password counts like one at the door (sign_in_limits.py)."""

    def clean_oldpassword(self) -> str:
        """Check the present password: whoever found a session open must not guess it."""
        password = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SignInForm(allauth.LoginForm):
    """allauth's form, with labels instead of its placeholders, which vanish while one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")
        self.fields["remember"].label = _("Stay signed in")
        for name in ("login", "password"):
            del self.fields[name].widget.attrs["placeholder"]
        # With "email", a browser would not offer the passwords saved for a user name.
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def user_credentials(self) -> dict[str, Any]:
        """Return the credentials; an address counts as a user name only if a user is called so.

        If both were tried, the password of a known address would be hashed twice, and the time
        would reveal that it is known.
        """
        credentials = super().user_credentials()
        if "username" in credentials:
            name = names.meant(credentials["username"])
            if name:
                credentials["username"] = name
            elif "email" in credentials:
                del credentials["username"]
        return credentials

    def clean(self) -> dict[str, Any]:
        """Check the password; one that was hashed as it was typed is hashed anew."""
        cleaned = super().clean()
        if self.user and "password" in cleaned:
            passwords.renew(self.user, cleaned["password"])
        return cleaned


class ProfileForm(PlainTexts, forms.ModelForm):
    """A user's profile, their name, and the language and time zone of their mails."""

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    file = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("A JPEG, PNG, WebP or AVIF file of at least 256 × 256 pixels."),
    )
    no_picture = forms.BooleanField(label=_("Show no picture"), required=False)

    # The names of zones are the same in every language.
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=time_zones.choices,
        widget=forms.Select({"lang": "en"}),
        help_text=_("Used for the dates and times on pages and in e-mails. Only you see this."),
    )

    field_order = [
        "first_name",
        "last_name",
        "favorite_city",
        "about",
        "file",
        "no_picture",
        "language",
        "time_zone",
    ]

    class Meta:
        model = Profile
        fields = ["favorite_city", "about", "language", "time_zone"]
        help_texts = {"language": _("Only you see this.")}
        widgets = {"about": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.instance.user
        self.initial |= {"first_name": user.first_name, "last_name": user.last_name}
        # A time zone that the form only shows is not yet chosen: see clean_time_zone.
        self.initial["time_zone"] = time_zones.find(self.instance.time_zone) or time_zones.UTC
        if not self.instance.picture:
            del self.fields["no_picture"]

    def clean_time_zone(self) -> str:
        """Return the zone; an unknown one stays unknown until another than UTC is chosen."""
        changed = "time_zone" in self.changed_data
        return (changed and self.cleaned_data["time_zone"]) or self.instance.time_zone

    def clean_file(self) -> UploadedFile | None:
        """Return the upload; check it, if there is one."""
        file = self.cleaned_data["file"]
        self.avatar = avatars.open_avatar(file) if file else None
        return file

    @transaction.atomic
    def save(self, commit: bool = True) -> Profile:
        """Save profile and user; delete the file of a replaced picture.

        The row is locked: of two requests at once, the second must know the picture of the first,
        or its file would stay public for ever.

        Only what was changed is written: no public page shows a language or a time zone, and the
        cached pages stay.
        """
        changed = set(self.changed_data)
        found = Profile.objects.select_for_update(of=("self",), no_key=True)
        self.instance.picture = found.get(pk=self.instance.pk).picture.name
        user = self.instance.user
        user.first_name = self.cleaned_data["first_name"]
        user.last_name = self.cleaned_data["last_name"]
        user.save(update_fields=changed & {"first_name", "last_name"})
        if self.avatar or self.cleaned_data.get("no_picture"):
            avatars.delete_after_commit(self.instance.picture.name)
            self.instance.picture = avatars.store(self.avatar) if self.avatar else ""
            changed.add("picture")
        self.instance.save(update_fields=changed & {*self.Meta.fields, "picture"})
        return self.instance


class KeyForm(PlainTexts, EditWebAuthnForm):
    """allauth's form for an existing security key, with a translated label."""

    name = forms.CharField(label=_("Name"))
