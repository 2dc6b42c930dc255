"""What the forms of all apps share."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.views.decorators.http import require_http_methods

from core.text.shown import lines, one_line

# the methods of a page with a form
form_page = require_http_methods(["GET", "HEAD", "POST"])


class DateInput(forms.DateInput):
    """The browser's calendar, which needs dates in ISO 8601."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlainTexts:
    """Mixin for a form: its texts look as ``core.text.shown`` says, also from API and mails.

    It changes the values of text fields before any other check of the form; a text of which
    nothing is visible counts as empty.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if type(field) is forms.CharField and not field.widget.is_hidden:
                # The direction of what is typed:
                # https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute
                field.widget.attrs.setdefault("dir", "auto")

    def full_clean(self) -> None:
        """Clean the texts before all other checks."""
        for field in self.fields.values():
            is_secret = isinstance(field.widget, forms.PasswordInput)
            if isinstance(field, forms.CharField) and not is_secret:
                field.to_python = partial(_plain, field)
        super().full_clean()


def _plain(field: forms.CharField, value: object) -> object:
    found = type(field).to_python(field, value)
    if not isinstance(found, str):
        return found
    return lines(found) if isinstance(field.widget, forms.Textarea) else one_line(found)
