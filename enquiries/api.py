"""The API of enquiries: written, answered and decided by the rules of the pages."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from core.rest.auth import Token
from core.rest.cursors import LATEST_FIRST, IdCursor, cursor_page
from core.rest.problems import Problem
from core.rest.validation import refused_form
from lettings.models import Letting

from . import actions, creation, rate_limits
from .api_schemas import (
    EnquiryIn,
    EnquiryOut,
    EnquiryPage,
    MessageIn,
    MessageOut,
    StateOut,
    ThreadOut,
)
from .forms import EnquiryForm, MessageForm
from .models import Enquiry

router = Router(tags=["Enquiries"])
READ, WRITE = Token("enquiries:read"), Token("enquiries:write")
ONE = "/enquiries/{int:enquiry_id}"


@router.get("/enquiries", response=EnquiryPage, auth=READ, summary="My enquiries")
def list_enquiries(request: HttpRequest, place: Query[IdCursor]) -> EnquiryPage:
    """What I wrote and what was written to me, the latest first, 24 at a time."""
    found, following = cursor_page(request, own_enquiries(request), LATEST_FIRST, place.cursor)
    items = [EnquiryOut.model_construct(**answer_fields(request, each)) for each in found]
    return EnquiryPage.model_construct(items=items, next=following)


@router.get(ONE, response=ThreadOut, auth=READ, summary="One enquiry")
def get_enquiry(request: HttpRequest, enquiry_id: int) -> ThreadOut:
    """An enquiry of mine, with what both sides wrote."""
    return thread_answer(request, enquiry_id)


@router.post(
    "/lettings/{int:letting_id}/enquiries",
    response={201: StateOut},
    auth=WRITE,
    summary="Write to a host",
)
def write_enquiry(
    request: HttpRequest, letting_id: int, data: EnquiryIn, response: HttpResponse
) -> Any:
    """Ask the host of a published letting for nights; both of us are mailed."""
    lettings = Letting.objects.published().select_related("host__user")
    letting = get_object_or_404(lettings, pk=letting_id, host__isnull=False)
    guest = request.auth.user.profile
    if guest == letting.host:
        raise Problem(409, "This letting is your own: nobody to write to.")
    form = ProgramsForm(data.model_dump(), letting=letting, guest=guest)
    if not form.is_valid():
        raise refused_form(form, "body")
    if seconds := rate_limits.wait(request, guest, guest.user.email):
        raise Problem(429, headers={"Retry-After": str(seconds)})
    enquiry = creation.send(form, guest, request)
    response["Location"] = request.build_absolute_uri(
        reverse("api:get_enquiry", args=[enquiry.pk])
    )
    return Status(201, state_of(request, enquiry))


@router.post(f"{ONE}/messages", response={201: StateOut}, auth=WRITE, summary="Answer")
def answer_enquiry(request: HttpRequest, enquiry_id: int, data: MessageIn) -> Any:
    """Add a message; the other side is mailed, and a host's first makes it answered."""
    enquiry = get_object_or_404(own_enquiries(request), pk=enquiry_id)
    form = MessageForm({"text": data.text})
    if not form.is_valid():
        raise refused_form(form, "body")
    by_host = is_host(request, enquiry)
    if seconds := rate_limits.wait_in_thread(enquiry, by_host=by_host):
        raise Problem(429, headers={"Retry-After": str(seconds)})
    run_or_conflict(actions.say, enquiry, form.cleaned_data["text"], by_host=by_host)
    return Status(201, state_of(request, enquiry))


@router.post(f"{ONE}/book", response=StateOut, auth=WRITE, summary="Book the nights")
def book_enquiry(request: HttpRequest, enquiry_id: int) -> StateOut:
    """Book the nights for the guest; only the host can, and no night twice."""
    return decide_as_host(request, actions.book, enquiry_id)


@router.post(f"{ONE}/decline", response=StateOut, auth=WRITE, summary="Decline")
def decline_enquiry(request: HttpRequest, enquiry_id: int) -> StateOut:
    """Say no to the guest; only the host can."""
    return decide_as_host(request, actions.decline, enquiry_id)


@router.post(f"{ONE}/close", response=StateOut, auth=WRITE, summary="Close")
def close_enquiry(request: HttpRequest, enquiry_id: int) -> StateOut:
    """End it, a booking too; either side can."""
    enquiry = get_object_or_404(own_enquiries(request), pk=enquiry_id)
    run_or_conflict(actions.close, enquiry, by_host=is_host(request, enquiry))
    return state_of(request, enquiry)


class ProgramsForm(EnquiryForm):
    """The page's form without its spam checks: a token has an owner."""

    def check_sender(self, cleaned: dict[str, Any]) -> None:
        """Accept any sender."""
        self.form_key = token_urlsafe(16)


def own_enquiries(request: HttpRequest) -> QuerySet[Enquiry]:
    """Return the enquiries of the token's user, as guest or host."""
    return Enquiry.objects.involving(request.auth.user.profile).for_list()


def decide_as_host(request: HttpRequest, action: Any, enquiry_id: int) -> StateOut:
    """Run what only the host may do, and return the answer; raise Problem 403 for the guest."""
    enquiry = get_object_or_404(own_enquiries(request), pk=enquiry_id)
    if not is_host(request, enquiry):
        raise Problem(403, "Only the host can do this.")
    run_or_conflict(action, enquiry)
    return state_of(request, enquiry)


def is_host(request: HttpRequest, enquiry: Enquiry) -> bool:
    """Return whether the token's user is the host."""
    return enquiry.host_id == request.auth.user.profile.pk


def run_or_conflict(action: Any, *subject: Any, **how: Any) -> None:
    """Run an action; raise Problem 409 in the words of the page if it is no longer possible."""
    try:
        with transaction.atomic():
            action(*subject, **how)
    except actions.Refused as refused:
        raise Problem(409, str(refused)) from None


def state_of(request: HttpRequest, enquiry: Enquiry) -> StateOut:
    """Return the new state of an enquiry, for a token that may lack the scope to read it."""
    enquiry.refresh_from_db(fields=["state", "changed_at"])
    told_by_all = {name: getattr(enquiry, name) for name in ("id", "state", "changed_at")}
    return StateOut.model_construct(**told_by_all, url=page_of(request, enquiry))


def thread_answer(request: HttpRequest, enquiry_id: int) -> ThreadOut:
    """Return an enquiry of the token's user with its messages; raise Http404 if there is none."""
    enquiry = get_object_or_404(own_enquiries(request), pk=enquiry_id)
    written = [
        MessageOut.model_construct(
            by_host=message.by_host, text=message.text, written_at=message.written_at
        )
        for message in enquiry.messages.all()
    ]
    return ThreadOut.model_construct(**answer_fields(request, enquiry), messages=written)


def answer_fields(request: HttpRequest, enquiry: Enquiry) -> dict[str, Any]:
    """Return the answer's fields of an enquiry for the token's user."""
    same = ("id", "state", "letting_id", "letting_title", "guest_name", "arrive", "leave")
    more = ("nights", "people", "created_at", "changed_at")
    return {name: getattr(enquiry, name) for name in (*same, *more)} | {
        "url": page_of(request, enquiry),
        "role": "host" if is_host(request, enquiry) else "guest",
    }


def page_of(request: HttpRequest, enquiry: Enquiry) -> str:
    """Return the address of an enquiry's page."""
    return request.build_absolute_uri(enquiry.get_absolute_url())
