"""The forms of one's own account that allauth has not, or has otherwise."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.core import context
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import (
    get_default_password_validators,
    password_validators_help_text_html,
)
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.files.uploads import ACCEPT
from core.web import rate_limits
from core.web.forms import PlainTexts
from profiles import avatars, time_zones
from profiles.models import Profile
from ratelimits.hits import DAY, hit

from . import mail_limits
from .api.tokens import TokenRevokingValidator


class SignupForm(allauth.SignupForm):
    """allauth's, without a word of tokens: whoever signs up has none yet."""

    # Plain, so that nothing a browser's script puts there is a mistake of who signs up.
    time_zone = forms.Field(required=False, widget=forms.HiddenInput({"data-time-zone": ""}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = get_default_password_validators()
        rules = [rule for rule in rules if not isinstance(rule, TokenRevokingValidator)]
        self.fields["password1"].help_text = password_validators_help_text_html(rules)

    def clean(self) -> dict[str, Any]:
        """Bound how many accounts one address makes, and so the mails to whomever they name."""
        cleaned = super().clean()
        if not self.errors:
            household = rate_limits.household(context.request)
            if hit(f"sign-up: {household}", mail_limits.SIGN_UPS_A_DAY, DAY):
                raise forms.ValidationError(
                    _(
                        "Too many accounts were made from your network today. Try again"
                        " tomorrow, or from another one."
                    )
                )
        return cleaned

    @transaction.atomic
    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Make the account, whole or not at all; for an address that has one, take as long.

        The hash of the password takes most of the time, and who waits could tell by that whether
        an address is known. Made by half, without the address to confirm, it would pass for one of
        the site of 2021.
        """
        if self.account_already_exists:
            get_user_model()().set_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Keep the time zone that the browser named, if there is such a one."""
        super().custom_signup(request, user)
        user.profile.time_zone = time_zones.find(self.cleaned_data.get("time_zone") or "")
        user.profile.save(update_fields=["time_zone"])


class ResetPasswordForm(allauth.ResetPasswordForm):
    """allauth's, for an address that nobody has as for another: the same words, the same time."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send a link to whoever has the address; to nobody, if nobody has it."""
        self.users = self.users or [get_user_model()(pk=0)]
        return super().save(request, **kwargs)


class SignInForm(allauth.LoginForm):
    """allauth's, with labels that say what its placeholders do, which vanish as one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")
        self.fields["remember"].label = _("Stay signed in")
        for name in ("login", "password"):
            del self.fields[name].widget.attrs["placeholder"]
        # By "email" a browser would not offer the passwords it keeps for a name.
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def user_credentials(self) -> dict[str, Any]:
        """Return what to sign in with; an address as a name too only if somebody is called so.

        Tried as both, the password of a known address is hashed twice: the time it takes would
        tell that it is known.
        """
        credentials = super().user_credentials()
        named = get_user_model().objects.filter(username__iexact=credentials.get("username"))
        if "email" in credentials and not named.exists():
            del credentials["username"]
        return credentials


class ProfileForm(PlainTexts, forms.ModelForm):
    """What others see of a user, and how we write to them; the name is the user's."""

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    file = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("A JPEG, PNG, WebP or AVIF file of at least 256 × 256 pixels."),
    )
    no_picture = forms.BooleanField(label=_("Show no picture"), required=False)

    # The names of zones are alike in every language.
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=time_zones.choices,
        widget=forms.Select({"lang": "en"}),
        help_text=_(
            "Days and hours are told in it, on pages and in mails. Nobody but you sees it."
        ),
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
        help_texts = {"language": _("Nobody but you sees this one.")}
        widgets = {"about": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.instance.user
        self.initial |= {"first_name": user.first_name, "last_name": user.last_name}
        # What a form without scripts shows is not yet a choice: clean_time_zone.
        self.initial["time_zone"] = time_zones.find(self.instance.time_zone) or time_zones.UTC
        if not self.instance.picture:
            del self.fields["no_picture"]

    def clean_time_zone(self) -> str:
        """Keep a zone that is not known yet unknown, until another than UTC is chosen."""
        changed = "time_zone" in self.changed_data
        return (changed and self.cleaned_data["time_zone"]) or self.instance.time_zone

    def clean_file(self) -> UploadedFile | None:
        """Check the upload, if there is one."""
        file = self.cleaned_data["file"]
        self.avatar = avatars.open_avatar(file) if file else None
        return file

    @transaction.atomic
    def save(self, commit: bool = True) -> Profile:
        """Save profile and user; the old picture's file goes when a new one takes its place.

        Of two at once the second waits, and knows of the first, whose picture it would leave for
        ever, and public.
        """
        found = Profile.objects.select_for_update(of=("self",), no_key=True)
        self.instance.picture = found.get(pk=self.instance.pk).picture.name
        user = self.instance.user
        user.first_name = self.cleaned_data["first_name"]
        user.last_name = self.cleaned_data["last_name"]
        user.save(update_fields=["first_name", "last_name"])
        if self.avatar or self.cleaned_data.get("no_picture"):
            avatars.delete_after_commit(self.instance.picture.name)
            self.instance.picture = avatars.store(self.avatar) if self.avatar else ""
        return super().save(commit)


class NewKeyForm(PlainTexts, AddWebAuthnForm):
    """allauth's form for a new security key, whose name has a label in no language but English."""

    name = forms.CharField(label=_("Name"), required=False)


class KeyForm(PlainTexts, EditWebAuthnForm):
    """The same of a key that one has."""

    name = forms.CharField(label=_("Name"))
