"""The form that writes to a host, with spam checks that people don't notice."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from django import forms
from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.dates import day
from core.web.forms import DateInput, PlainTexts
from lettings.models import Letting
from profiles.models import Profile

from .models import Enquiry, Message, today_somewhere

STAMP = TimestampSigner(salt="enquiries.form")
# Nobody fills six fields in less time, but programs do. A form may stay open overnight.
QUICKEST, LONGEST = timedelta(seconds=3), timedelta(days=2)
# Two years and one year, with 29 February in them or not.
FURTHEST, LONGEST_STAY = timedelta(days=731), timedelta(days=366)
# The fields that are not for the host.
SENDERS = ("website", "stamp")


class EnquiryForm(PlainTexts, forms.ModelForm):
    """Dates, number of people, a message; and name and address of an anonymous guest."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
    )
    # A honeypot: hidden from people (enquiries.css), with a label that says to leave it empty.
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Enquiry
        fields = ["arrive", "leave", "people", "guest_name", "guest_email"]
        labels = {
            "arrive": gettext_lazy("Arrival"),
            "leave": gettext_lazy("Departure"),
            "people": gettext_lazy("How many people"),
            "guest_name": gettext_lazy("Your name"),
            "guest_email": gettext_lazy("Your e-mail address"),
        }
        help_texts = {
            "guest_email": gettext_lazy(
                "The host can answer you there, and we send you a link to this enquiry."
            )
        }
        widgets = {
            "arrive": DateInput(),
            "leave": DateInput(),
            "people": forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
            "guest_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "guest_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, letting: Letting, guest: Profile | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letting = letting
        self.form_key = ""
        if guest:
            del self.fields["guest_name"], self.fields["guest_email"]
        else:
            self.fields["guest_email"].required = True
            if settings.MAIL_WAY_IN:
                self.fields["guest_email"].help_text = _(
                    "We send you the host's answer there, with a link to this enquiry. The host"
                    " doesn't see the address."
                )
        self.initial["stamp"] = STAMP.sign(token_urlsafe(16))

    def clean_arrive(self) -> Any:
        """Return the day of arrival; raise ValidationError for a past or very distant day."""
        arrive = self.cleaned_data["arrive"]
        today = today_somewhere()
        if arrive < today:
            raise forms.ValidationError(_("This day has passed."))
        if arrive > today + FURTHEST:
            raise forms.ValidationError(_("That is more than two years ahead."))
        return arrive

    def clean_people(self) -> int:
        """Return the number of people; raise ValidationError below one or beyond ``sleeps``."""
        people, sleeps = self.cleaned_data["people"], self.letting.sleeps
        if people < 1:
            raise forms.ValidationError(_("Somebody has to come."))
        if sleeps and people > sleeps:
            words = ngettext("It sleeps %(n)s person.", "It sleeps %(n)s people.", sleeps)
            raise forms.ValidationError(words % {"n": sleeps})
        return people

    def clean(self) -> dict[str, Any]:
        """Return the data after the checks that involve several fields."""
        cleaned = super().clean()
        arrive, leave = cleaned.get("arrive"), cleaned.get("leave")
        if arrive and leave:
            self._check_nights(arrive, leave)
        self.check_sender(cleaned)
        return cleaned

    def _check_nights(self, arrive: Any, leave: Any) -> None:
        if leave <= arrive:
            self.add_error("leave", _("Departure comes after arrival."))
        elif leave - arrive > LONGEST_STAY:
            self.add_error("leave", _("A stay is a year at most."))
        else:
            taken = Enquiry.objects.booked(self.letting.pk, arrive).filter(arrive__lt=leave)
            for booked in taken[:1]:
                self.add_error(
                    "arrive",
                    _("It is booked from %(arrive)s to %(leave)s. Please choose other nights.")
                    % {"arrive": day(booked.arrive), "leave": day(booked.leave)},
                )

    def check_sender(self, cleaned: dict[str, Any]) -> None:
        """Add an error that asks to send the form again, if it looks like a program's."""
        stamp = cleaned.get("stamp", "")
        try:
            self.form_key = STAMP.unsign(stamp, max_age=LONGEST)
        except BadSignature:
            self._show("stamp", self.initial["stamp"])
            self.add_error(None, _("Please send it once more: the form had been open for long."))
            return
        if cleaned.get("website") or _is_young(stamp):
            self._show("website", "")
            self.add_error(
                None, _("Please send it once more: that was quicker than we expect of a person.")
            )

    def key(self) -> str:
        """Return a key that is the same when a valid form is sent twice, else different.

        It includes the content: a guest who goes back to a sent form (by the browser's Back) and
        changes it writes a new enquiry.
        """
        said = [str(self.cleaned_data[name]) for name in self.fields if name not in SENDERS]
        asked = repr([self.form_key, self.letting.pk, *said])
        return hashlib.sha256(asked.encode()).hexdigest()[:40]

    def _show(self, name: str, value: str) -> None:
        """Set the value that the form shows instead of the one that was sent."""
        self.data = self.data.copy()
        self.data[name] = value


def _is_young(stamp: str) -> bool:
    try:
        STAMP.unsign(stamp, max_age=QUICKEST)
    except SignatureExpired:
        return False
    return True


class MessageForm(PlainTexts, forms.ModelForm):
    """One more message in a thread."""

    class Meta:
        model = Message
        fields = ["text"]
        labels = {"text": gettext_lazy("Your message")}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
