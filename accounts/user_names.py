"""The rule for the user names of new accounts."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core.text.compared import compared
from core.text.shown import is_visible
from profiles.names import LONGEST


def short_enough(name: str) -> None:
    """Raise ValidationError for a name that is longer in the form in which names are compared."""
    if len(compared(name)) > LONGEST or not is_visible(name):
        raise ValidationError(_("Choose a shorter name, of letters that can be seen."))


# Django's rule, without the "@". User names are public, so an address as a name would be too; and
# the time that a sign-in with it takes would reveal whether it is known.
NEW = [
    short_enough,
    RegexValidator(
        r"^[\w.+-]+\Z",
        _(
            "Use letters, digits and . + - _ only: everyone sees this name, so it can't be an"
            " e-mail address."
        ),
    ),
]
