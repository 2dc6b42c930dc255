"""Answers of security keys: one that can't be read is refused like a wrong one.

allauth passes what a browser sends to fido2, which raises KeyError, struct.error and others for
what no key writes; the page of the sign-in answered 500 to anybody.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn_forms
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import PlainTexts

# What Python, fido2 and cryptography raise for bytes that are wrong; never an error of a database.
UNREADABLE = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError),
    *(ValueError, struct.error, InvalidSignature, UnsupportedAlgorithm),
)


@contextmanager
def refusing() -> Iterator[None]:
    """Raise ValidationError, in allauth's words for a wrong key, for what can't be read."""
    try:
        yield
    except UNREADABLE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AnswerField(forms.JSONField):
    """JSON; what is nested too deep, or has a number too long, is refused like any other."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Return what the browser wrote; raise ValidationError."""
        with refusing():
            found = super().to_python(value)
        if not isinstance(found, dict | None):
            raise get_adapter().validation_error("incorrect_code")
        return found

    def bound_data(self, data: Any, initial: Any) -> None:
        """Show nothing again: an answer is for one question."""


class AnswerForm(forms.Form):
    """A mixin for allauth's forms with the answer of a key."""

    credential = AnswerField()


class SignsIn(AnswerForm):
    """A mixin for those forms that take the answer of a key that the user has."""

    def clean_credential(self) -> Any:
        """Return the key; raise ValidationError."""
        with refusing():
            return super().clean_credential()


class AuthenticateForm(SignsIn, webauthn_forms.AuthenticateWebAuthnForm):
    """A key after a password."""


class LoginForm(SignsIn, webauthn_forms.LoginWebAuthnForm):
    """A key instead of a password."""


class ReauthenticateForm(SignsIn, webauthn_forms.ReauthenticateWebAuthnForm):
    """A key of who is signed in already."""


class NewKeyForm(AnswerForm, PlainTexts, webauthn_forms.AddWebAuthnForm):
    """A new key, with a translated label."""

    name = forms.CharField(label=_("Name"), required=False)

    def clean(self) -> dict[str, Any]:
        """Return what was sent; raise ValidationError if no key wrote the answer."""
        with refusing():
            return super().clean()
