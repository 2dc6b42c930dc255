"""From the valid form to the enquiry, for the page and the API alike."""

from __future__ import annotations

from django.db import IntegrityError
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from core.web.addresses import without_foreign_port
from lettings.models import Letting
from profiles.models import Profile

from . import writing
from .forms import EnquiryForm
from .models import Enquiry


def send(form: EnquiryForm, guest: Profile | None, request: HttpRequest) -> Enquiry:
    """Write what the form says, of a guest with an account or without; both sides are mailed.

    Raises Http404 if the letting is deleted at this very moment, which the commit finds out.
    """
    cleaned = form.cleaned_data
    try:
        return writing.write(
            cleaned["text"],
            letting=form.letting,
            letting_title=form.letting.title,
            host=form.letting.host,
            guest=guest,
            guest_name=cleaned["guest_name"] if guest is None else guest.user.username,
            guest_email=email(form, guest),
            language=get_language(),
            form_key=form.key(),
            origin=without_foreign_port(request.build_absolute_uri("/")).rstrip("/"),
            **{name: cleaned[name] for name in ("arrive", "leave", "people")},
        )
    except IntegrityError as error:
        if Letting.objects.filter(pk=form.letting.pk).exists():
            raise
        raise Http404 from error


def was_sent(form: EnquiryForm) -> bool:
    """Return whether this very form was sent already: a button pressed twice."""
    return Enquiry.objects.filter(form_key=form.key()).exists()


def email(form: EnquiryForm, guest: Profile | None) -> str:
    """Return the address of whoever asks; "" for an account without one."""
    return form.cleaned_data["guest_email"] if guest is None else guest.user.email
