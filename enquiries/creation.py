"""Create an enquiry from a valid form, for the page and the API."""

from __future__ import annotations

from django.db import IntegrityError
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from core.web.hosts import without_foreign_port
from lettings.models import Letting
from profiles.models import Profile

from . import actions
from .forms import EnquiryForm
from .models import Enquiry


def send(form: EnquiryForm, guest: Profile | None, request: HttpRequest) -> Enquiry:
    """Create the enquiry of a guest with or without an account; both sides are mailed.

    Raise Http404 if the letting is deleted at the same moment, which the commit detects.
    """
    cleaned = form.cleaned_data
    try:
        return actions.write(
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
    """Return whether this form was sent before: its button was pressed twice."""
    return Enquiry.objects.filter(form_key=form.key()).exists()


def email(form: EnquiryForm, guest: Profile | None) -> str:
    """Return the guest's mail address; "" for an account without one."""
    return form.cleaned_data["guest_email"] if guest is None else guest.user.email
