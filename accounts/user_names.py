"""The rule for the user names of new accounts."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# Django's rule, without the "@". User names are public, so an address as a name would be too; and
# the time that a sign-in with it takes would reveal whether it is known.
NEW = [
    RegexValidator(
        r"^[\w.+-]+\Z",
        _(
            "Use letters, digits and . + - _ only: everyone sees this name, so it can't be an"
            " e-mail address."
        ),
    )
]
