"""What the forms of every app share."""

from __future__ import annotations

from django import forms
from django.views.decorators.http import require_http_methods

# The methods of a page with a form.
form_page = require_http_methods(["GET", "HEAD", "POST"])


class DateInput(forms.DateInput):
    """The browser's own calendar, which wants dates as in ISO 8601."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
