"""The form that selects the figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from core.text.compared import compared
from core.web.forms import DateInput
from lettings.models import Letting
from profiles.models import Profile

from .figures import DAY, MONTH, ONE_DAY, STEPS

LONGEST = timedelta(days=3 * 366)
MOST_DAYS = 93  # the most bars of one day that can still be distinguished


class FiguresForm(forms.Form):
    """A letting of the host, the first and the last day, and the step; each has a default."""

    letting = forms.ModelChoiceField(
        Letting.objects.none(), required=False, label=_("Letting"), empty_label=_("All of them")
    )
    first = forms.DateField(label=_("From"), widget=DateInput)
    # The last date has no next day, where its period would end.
    last = forms.DateField(
        label=_("To"), widget=DateInput, validators=[MaxValueValidator(date.max - ONE_DAY)]
    )
    step = forms.ChoiceField(label=_("By"), choices=list(STEPS.items()))

    def __init__(self, data: Any, host: Profile | None) -> None:
        """Store the query's data, and the lettings to choose from (None: no such field)."""
        today = datetime.now(UTC).date()
        defaults = {"first": f"{today - timedelta(days=364)}", "last": f"{today}", "step": MONTH}
        given = {name: data[name] for name in (*defaults, "letting") if data.get(name)}
        super().__init__(defaults | given)
        if host:
            field = self.fields["letting"]
            field.queryset = Letting.objects.filter(host=host)
            named = sorted(field.queryset, key=lambda each: (compared(each.title), each.pk))
            field.choices = [("", field.empty_label), *((each.pk, each.title) for each in named)]
        else:
            del self.fields["letting"]

    def clean(self) -> dict[str, Any]:
        """Check that the days are in order and few enough to be drawn."""
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if not (isinstance(first, date) and isinstance(last, date)):
            return cleaned
        if last < first:
            raise ValidationError(_("The last day comes before the first."))
        if last - first > LONGEST:
            raise ValidationError(_("Ask for three years at most."))
        if cleaned.get("step") == DAY and (last - first).days >= MOST_DAYS:
            words = _("By day, ask for %(most)d days at most; by week or month for more.")
            raise ValidationError(words, params={"most": MOST_DAYS})
        return cleaned
