"""The mails to hosts and guests. Their texts are in templates/enquiries/mail/.

An answer by mail goes to an address of the site, which passes it on (INBOX_URL; inbox.py), so that
neither side learns the other's address. Without such a mailbox, the host's answer goes straight to
the guest (Reply-To), who is told so on the form, and the guest's mails link to the thread.
Each mail, and the page that it links to, is in the language and time zone of its reader.
An unconfirmed address is sent nothing that anybody typed: no guest's name, host's answer or title
of a letting. A host could write an enquiry to themselves and give a stranger's address. Until the
owner of the address uses the link, or answers, it is sent only fixed texts, a few times a day.
When guests write to a host very often, one mail an hour says that there are more enquiries:
nobody can keep others' enquiries from arriving.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from profiles.recipients import writing_to

from . import rate_limits
from .by_mail import addresses, quoting
from .models import Enquiry

DECIDED = {
    Enquiry.State.BOOKED: _("Booked: %(title)s"),
    Enquiry.State.DECLINED: _("Not possible: %(title)s"),
    Enquiry.State.CLOSED: _("Closed: %(title)s"),
}


# By RFC 3834, and for Exchange: prevents automatic replies of absent hosts.
AUTOMATIC = {"headers": {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}}
# The fixed texts for unconfirmed addresses, by template; for a decision, by the new state.
NOTICES = {
    "new_enquiry_to_guest": _("Your enquiry is with its host."),
    "message": _("Your host has answered."),
    "not_passed_on": _("Your answer by mail was not passed on."),
    "attachments_not_passed_on": _("Your answer by mail was passed on without its attachments."),
    "letters_lost": _("Your answer by mail was passed on, but not every letter could be read."),
    Enquiry.State.BOOKED: _("Your nights are booked."),
    Enquiry.State.DECLINED: _("Your host can't have you this time."),
    Enquiry.State.CLOSED: _("Your enquiry was closed."),
}


def mail_new_enquiry(enquiry: Enquiry, text: str) -> None:
    """Mail the enquiry to the host, and a confirmation without its text to the guest."""
    _of_guest(enquiry, _("New enquiry: %(title)s"), "new_enquiry_to_host", text)
    _to_guest(enquiry, _("Your enquiry: %(title)s"), "new_enquiry_to_guest")


def mail_message(enquiry: Enquiry, text: str, *, by_host: bool) -> None:
    """Mail a message to the other side."""
    if not by_host:
        _of_guest(enquiry, _("Your guest writes: %(title)s"), "message", text)
    elif enquiry.guest_is_known or not rate_limits.wait_for_notice(enquiry.guest_email):
        _to_guest(enquiry, _("Your host has answered: %(title)s"), "message", text)


def mail_decision(enquiry: Enquiry, *, by_host: bool) -> None:
    """Mail a booking, a refusal or the end of an enquiry to the other side."""
    if by_host:
        tell = _to_guest
    else:  # no rate limit for what the host has answered or booked: it is no mass mail
        tell = _to_host if enquiry.answered_at else _of_guest
    tell(enquiry, DECIDED[enquiry.state], "booked_declined_or_closed")


def mail_not_passed_on(enquiry: Enquiry, reason: str, *, by_host: bool, once: str) -> None:
    """Send the author of an answer by mail the reason why it was not passed on.

    ``once`` names the occasion: a second mail for it raises IntegrityError.
    """
    subject = _("Not passed on: %(title)s")
    _to_author(enquiry, subject, "not_passed_on", reason, by_host=by_host, once=once)


def mail_attachments_not_passed_on(
    enquiry: Enquiry, names: list[str], *, by_host: bool, once: str
) -> None:
    """Send the author of an answer by mail the names of the attachments that were left out."""
    subject, text = _("Passed on without attachments: %(title)s"), "\n".join(names)
    template = "attachments_not_passed_on"
    _to_author(enquiry, subject, template, text, by_host=by_host, once=once)


def mail_letters_lost(enquiry: Enquiry, text: str, *, by_host: bool, once: str) -> None:
    """Inform the author of an answer by mail that some of its letters could not be read."""
    subject = _("Passed on, but not every letter: %(title)s")
    _to_author(enquiry, subject, "letters_lost", text, by_host=by_host, once=once)


def address_of(enquiry: Enquiry, *, by_host: bool) -> str:
    """Return a side's mail address; "" if it has none, or its account is deleted."""
    person = enquiry.host if by_host else enquiry.guest
    if person:
        return person.user.email
    return "" if by_host else enquiry.guest_email


def _of_guest(enquiry: Enquiry, subject: str, template: str, text: str = "") -> None:
    """Mail a guest's words to the host; beyond the rate limit, only that there is more to read."""
    host = enquiry.host
    if host is None or not rate_limits.wait_for_host(host):
        _to_host(enquiry, subject, template, text)
    elif not rate_limits.wait_for_more(host):
        with writing_to(host):
            path = reverse("enquiries:index")
            _send(
                enquiry, _("Many guests write to you"), "many_enquiries", "", path, True, AUTOMATIC
            )


def _to_author(
    enquiry: Enquiry, subject: str, template: str, text: str = "", *, by_host: bool, once: str
) -> None:
    domain = settings.MAIL_WAY_IN["address"].rpartition("@")[2]
    # Without a reply address: two programs could answer each other for ever.
    options = {"headers": {"Message-ID": f"<{once}@{domain}>", "Auto-Submitted": "auto-replied"}}
    tell = _to_host if by_host else _to_guest
    tell(enquiry, subject, template, text, **options)


def _to_host(
    enquiry: Enquiry, subject: str, template: str, text: str = "", **options: Any
) -> None:
    if enquiry.host is None:
        return
    with writing_to(enquiry.host):
        options = options or _answered(enquiry, by_host=True)
        _send(enquiry, subject, template, text, enquiry.get_absolute_url(), True, options)


def _to_guest(
    enquiry: Enquiry, subject: str, template: str, text: str = "", **options: Any
) -> None:
    with writing_to(enquiry.guest, enquiry.language):
        path = enquiry.get_absolute_url() if enquiry.guest else enquiry.guests_link()
        options = options or _answered(enquiry, by_host=False)
        _send(enquiry, subject, template, text, path, False, options)


def _answered(enquiry: Enquiry, *, by_host: bool) -> dict[str, Any]:
    """Return the options of a mail: its reply address and headers."""
    if not settings.MAIL_WAY_IN:
        guest = address_of(enquiry, by_host=False)
        return {"reply_to": [guest] if by_host and guest else []}
    return {"reply_to": [addresses.answers_to(enquiry.pk, by_host=by_host)]} | AUTOMATIC


def _send(
    enquiry: Enquiry,
    subject: str,
    template: str,
    text: str,
    path: str,
    to_host: bool,
    options: dict[str, Any],
) -> None:
    address = address_of(enquiry, by_host=to_host)
    if not address:  # an account without an address, or a deleted one
        return
    context = {
        "enquiry": enquiry,
        "text": text,
        "url": f"{enquiry.origin}{path}",
        # Whether the mail says that it can be answered.
        "by_mail": settings.MAIL_WAY_IN and options.get("reply_to") and enquiry.is_open,
        "mark": quoting.MARK,
    }
    if not to_host and not enquiry.guest_is_known:
        notice = str(
            NOTICES[enquiry.state if template == "booked_declined_or_closed" else template]
        )
        context = {name: context[name] for name in ("url", "by_mail", "mark")} | {"notice": notice}
        subject, template = notice.rstrip("."), "to_unconfirmed_address"
    else:
        subject %= {"title": " ".join(enquiry.letting_title.split())}
    body = render_to_string(f"enquiries/mail/{template}.txt", context)
    EmailMessage(subject, body, None, [address], **options).send()
