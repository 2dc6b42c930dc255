"""Form fields for dates with times, in the time zone of staff."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

# Between these, every datetime exists in every time zone.
EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)
LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)


class MomentField(forms.SplitDateTimeField):
    """A date and time in the active time zone.

    When clocks go back, an hour comes twice, and this takes the first. When they go forward,
    an hour is missing, and this refuses it. Django refuses both, so that a datetime saved in a
    double hour could not be saved again.
    """

    default_error_messages = {
        **forms.SplitDateTimeField.default_error_messages,
        "left_out": _(
            "There is no %(hour)s on %(day)s in the time zone %(zone)s: the clocks go forward"
            " then. Choose an earlier or a later hour."
        ),
    }

    def compress(self, data_list: list[Any]) -> datetime | None:
        """Return the datetime; raise ValidationError for one that does not exist."""
        zone = timezone.get_current_timezone()
        with timezone.override(UTC):  # in UTC each hour comes once
            written = super().compress(data_list)
        if written is None:
            return None
        if not EARLIEST < written < LATEST:
            raise ValidationError(self.error_messages["invalid_date"], code="invalid_date")
        moment = written.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=UTC) != written:
            raise ValidationError(
                self.error_messages["left_out"],
                code="left_out",
                params={
                    "hour": date_format(written, "TIME_FORMAT"),
                    "day": date_format(written, "DATE_FORMAT"),
                    "zone": zone,
                },
            )
        return moment


# for ModelAdmin.formfield_overrides
MOMENTS = {models.DateTimeField: {"form_class": MomentField, "widget": AdminSplitDateTime}}


class KeepsMoments:
    """Mixin for a model form: keep the exact datetime unless somebody changed it.

    The page shows neither microseconds nor which of two equal hours is meant.
    """

    def clean(self) -> dict[str, Any] | None:
        """Restore the datetimes that were not changed."""
        cleaned = super().clean()
        for name, field in self.fields.items():
            if isinstance(field, MomentField) and name not in self.changed_data:
                self.cleaned_data[name] = getattr(self.instance, name, None)
        return cleaned
