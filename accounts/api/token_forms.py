"""The form that creates a token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.web.forms import PlainTexts

from ..models import SCOPES, ApiToken

DAYS = {30: _("30 days"), 90: _("90 days"), 365: _("a year")}
MOST = 20


class TokenForm(PlainTexts, forms.ModelForm):
    """A token's name, scopes and lifetime; ``user`` will own it."""

    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"), choices=list(DAYS.items()), coerce=int, initial=90
    )

    class Meta:
        model = ApiToken
        fields = ["name"]
        labels = {"name": _("Name")}
        help_texts = {
            "name": _(
                "What will use it, so that you recognise it later: for example, “channel manager”."
            )
        }

    field_order = ["name", "scopes", "days"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError for more tokens than anyone can keep track of."""
        if self.user.api_tokens.count() >= MOST:
            words = _("You have %(number)s tokens; revoke one that you no longer need.")
            raise forms.ValidationError(words % {"number": MOST})
        return super().clean()

    def expires_at(self) -> Any:
        """Return the moment when it expires."""
        return timezone.now() + timedelta(days=self.cleaned_data["days"])
