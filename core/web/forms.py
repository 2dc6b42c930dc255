"""What the forms of all apps share."""

from __future__ import annotations

import re
from functools import partial
from unicodedata import category

from django import forms
from django.views.decorators.http import require_http_methods

# the methods of a page with a form
form_page = require_http_methods(["GET", "HEAD", "POST"])


class DateInput(forms.DateInput):
    """The browser's calendar, which needs dates in ISO 8601."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


# Control characters, and halves of UTF-16: https://www.unicode.org/reports/tr44/
NEVER_TYPED = {"Cc", "Cs"}
# Line and paragraph separator, which few programs treat as line breaks.
ENDS_OF_LINES = {"\u2028", "\u2029", "\v", "\f", "\x85"}


def one_line(text: str) -> str:
    """Return a text as ``<input type=text>`` has it: no line breaks, no control characters.

    https://html.spec.whatwg.org/multipage/input.html#value-sanitization-algorithm

    >>> one_line("a\\r\\nb\\x01c")
    'a b c'
    """
    kept = (" " if category(c) in NEVER_TYPED or c in ENDS_OF_LINES else c for c in text)
    return re.sub(" {2,}", " ", "".join(kept)).strip() if _is_wild(text) else text


def lines(text: str) -> str:
    """Return a text of several lines with Python's line breaks, without other control characters.

    >>> lines("a\\r\\nb\\x01\\tc\\fd")
    'a\\nb\\tc\\nd'
    """
    text = re.sub("\r\n?|[\u2028\u2029\v\f\x85]", "\n", text)
    return "".join(c for c in text if c in "\n\t" or category(c) not in NEVER_TYPED).strip()


def _is_wild(text: str) -> bool:
    return any(category(c) in NEVER_TYPED or c in ENDS_OF_LINES for c in text)


class PlainTexts:
    """Mixin for a form: remove control characters from its texts, also from API and mails.

    It changes the values of text fields before any other check of the form.
    """

    def full_clean(self) -> None:
        """Clean the texts before all other checks."""
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.to_python = partial(_plain, field)
        super().full_clean()


def _plain(field: forms.CharField, value: object) -> object:
    found = type(field).to_python(field, value)
    if not isinstance(found, str):
        return found
    return lines(found) if isinstance(field.widget, forms.Textarea) else one_line(found)
