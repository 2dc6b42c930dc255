"""What new accounts may be called."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# Django's own, without the "@": everyone sees a name. Somebody's address as one would be told to
# all, and the time that a sign-in by it takes would tell whether it is known.
NEW = [
    RegexValidator(
        r"^[\w.+-]+\Z",
        _(
            "Use letters, digits and . + - _ only: everyone sees this name, so it can't be an"
            " e-mail address."
        ),
    )
]
