"""The form of the index: search, filters and order, and notices for what can't be understood.

A filter by a number is one ``Bound``: its limits, the lettings that pass, and its words.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.text.shown import one_line

from ..models import HIGHEST_NUMBER, MOST_BATHS
from ..search import words_of

SORTS = {
    "newest": _("Newest first"),
    "price": _("Price, lowest first"),
    "-price": _("Price, highest first"),
    "sleeps": _("Sleeps most first"),
    "relevance": _("Best match first"),
}
LONGEST_TEXT = 100
HIGHEST_PRICE = Decimal("999999.99")


def readable(text: str) -> str:
    """Return the text without control characters and without what was not UTF-8."""
    return " ".join(one_line(text.replace("\ufffd", " ")).split())


class TextField(forms.CharField):
    """A short line of text; unreadable characters and everything beyond the length are cut."""

    def to_python(self, value: object) -> str:
        return readable(super().to_python(value))[:LONGEST_TEXT].rstrip()


def spell(value: Any) -> str:
    """Return a value as it is written in a query string or a form.

    >>> spell(Decimal("80.00")), spell(Decimal("80.50")), spell(4)
    ('80', '80.50', '4')
    """
    if isinstance(value, Decimal):
        return re.sub(r"\.0+\Z", "", f"{value:f}")
    return str(value)


class NumberField(forms.DecimalField):
    """A number as people write it: ``80``, ``1.5``, ``1,5``, ``$80``, ``1,200.50``, ``1 200,50``.

    Zeros at the end are not counted. Its value has ``decimal_places``, however many were written.
    """

    def to_python(self, value: object) -> Decimal | None:
        if isinstance(value, str):
            value = re.sub(r"[$€£\s]|,(?=[0-9]{3}\b)", "", value)
            value = re.sub(r",(?=[0-9]{1,2}\Z)", ".", value)
            value = re.sub(r"(?<=[0-9])(\.[0-9]*?)0+\Z", r"\1", value)
        return super().to_python(value)

    def clean(self, value: object) -> Decimal | None:
        number = super().clean(value)
        # Plus 0, since a number can be -0.
        return None if number is None else round(number, self.decimal_places) + 0


class Bound:
    """Mixin for a field that filters by a column.

    lookup: compares the column with the value; an unknown number passes no bound.
    words: how the filter in force is said, with ``%(value)s``; a plural depends on "number",
    the value without decimals.
    """

    def __init__(self, lookup: str, words: Any, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.lookup, self.words = lookup, words


class PriceBound(Bound, NumberField):
    """One end of the price range, in units of the letting's currency."""

    def __init__(self, lookup: str, words: Any, label: Any) -> None:
        limits = {"min_value": 0, "max_value": HIGHEST_PRICE, "decimal_places": 2}
        super().__init__(lookup, words, label=label, **limits)


class NumberBound(Bound, forms.IntegerField):
    """A minimum of a whole number."""

    def __init__(self, lookup: str, words: Any, label: Any) -> None:
        super().__init__(lookup, words, label=label, min_value=1, max_value=HIGHEST_NUMBER)


class HalvesBound(Bound, NumberField):
    """A minimum of a number with halves."""

    def __init__(self, lookup: str, words: Any, label: Any) -> None:
        limits = {"min_value": 0, "max_value": MOST_BATHS, "step_size": Decimal("0.5")}
        super().__init__(lookup, words, label=label, decimal_places=1, **limits)


class IndexForm(forms.Form):
    """Search, filters and order of the index. Each field may be empty; none is ever invalid.

    A value that can't be understood is left out of ``cleaned_data``, and ``notices`` says so.
    """

    q = TextField(label=_("Search"), required=False)
    place = TextField(label=_("City or state"), required=False)
    price_min = PriceBound(
        "price__gte", _("%(value)s a night or more, whatever the currency"), _("Price from")
    )
    price_max = PriceBound(
        "price__lte", _("%(value)s a night or less, whatever the currency"), _("Price to")
    )
    sleeps = NumberBound(
        "sleeps__gte",
        ngettext_lazy("Sleeps %(value)s or more", "Sleeps %(value)s or more", "number"),
        _("Sleeps at least"),
    )
    bedrooms = NumberBound(
        "bedrooms__gte",
        ngettext_lazy("%(value)s or more bedrooms", "%(value)s or more bedrooms", "number"),
        _("Bedrooms at least"),
    )
    bathrooms = HalvesBound(
        "bathrooms__gte",
        ngettext_lazy("%(value)s or more bathrooms", "%(value)s or more bathrooms", "number"),
        _("Bathrooms at least"),
    )
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=list(SORTS.items()))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data.copy())
        self.notices: list[str] = []
        self.full_clean()
        self._say_what_was_left_out(data)
        self.asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "q" not in self.asked:
            self.fields["sort"].choices = [c for c in SORTS.items() if c[0] != "relevance"]
        if self.asked.get("sort") == "relevance" != self.usual_sort:
            del self.asked["sort"]
            self.notices.append(
                gettext("Best match needs words to search for; newest comes first.")
            )
        self.data["sort"] = self.order

    @property
    def bounds(self) -> list[forms.BoundField]:
        """Return the fields of all bounds, for the page."""
        return [self[name] for name in BOUNDS]

    @property
    def usual_sort(self) -> str:
        """Return the default order: best match for a search, newest otherwise."""
        return "relevance" if "q" in self.asked else "newest"

    @property
    def order(self) -> str:
        """Return the order that was asked for, or the default one."""
        return self.asked.get("sort", self.usual_sort)

    def clean_q(self) -> str:
        """Return the search text; raise ValidationError if it has no word."""
        text = self.cleaned_data["q"]
        if text and not words_of(text):
            raise forms.ValidationError(gettext("There is no word in it."))
        return text

    def clean(self) -> dict:
        """Return the data, with the two ends of the price range in the right order."""
        low, high = self.cleaned_data.get("price_min"), self.cleaned_data.get("price_max")
        if low and high and low > high:
            self.cleaned_data.update(price_min=high, price_max=low)
            self.data["price_min"], self.data["price_max"] = spell(high), spell(low)
            self.notices.append(
                gettext("The lowest price was above the highest, so we swapped them.")
            )
        return self.cleaned_data

    def _say_what_was_left_out(self, data: QueryDict) -> None:
        for name, field in self.fields.items():
            raw = data.get(name, "")
            said = {"shown": readable(raw)[:40], "label": field.label}
            if name in self.errors:
                words = gettext("“%(shown)s” could not be read as “%(label)s”; it was left out.")
                self.notices.append(words % said)
                self.data[name] = ""  # or it would be sent again with the form
            elif isinstance(field, TextField) and self.cleaned_data[name] != " ".join(raw.split()):
                words = gettext(
                    "A part of “%(label)s” was too long or could not be read; it was left out."
                )
                self.notices.append(words % said)
            if len(data.getlist(name)) > 1:
                words = gettext("“%(label)s” was given more than once; the last one counts.")
                self.notices.append(words % said)


BOUNDS: dict[str, Bound] = {
    name: field for name, field in IndexForm.base_fields.items() if isinstance(field, Bound)
}
