"""What hosts and guests are told by mail.

An answer to the mail of a new enquiry goes straight to the guest (Reply-To), who is told so on the
form. A host's own address is given to nobody: the guest's mails lead to the thread.
What a stranger typed is never sent to an address that the same stranger gave.
"""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .models import Enquiry


def tell_of_new(enquiry: Enquiry, text: str) -> None:
    """Tell the host what is asked; and the guest, who may have another's address, only that."""
    _to_host(enquiry, _("New enquiry: %(title)s"), "new_host", text)
    _to_guest(enquiry, _("Your enquiry: %(title)s"), "new_guest")


def tell_of_message(enquiry: Enquiry, text: str, *, by_host: bool) -> None:
    """Tell the other side what was written."""
    if by_host:
        _to_guest(enquiry, _("Your host has answered: %(title)s"), "message", text)
    else:
        _to_host(enquiry, _("Your guest writes: %(title)s"), "message", text)


def tell_of_state(enquiry: Enquiry, *, by_host: bool) -> None:
    """Tell the other side what was decided."""
    subjects = {
        Enquiry.State.BOOKED: _("Booked: %(title)s"),
        Enquiry.State.DECLINED: _("Not possible: %(title)s"),
        Enquiry.State.CLOSED: _("Closed: %(title)s"),
    }
    tell = _to_guest if by_host else _to_host
    tell(enquiry, subjects[enquiry.state], "state")


def _to_host(enquiry: Enquiry, subject: str, template: str, text: str = "") -> None:
    address = enquiry.host.user.email if enquiry.host else ""
    reply_to = [enquiry.guest_email] if enquiry.guest_email else []
    _send(enquiry, address, subject, template, text, enquiry.get_absolute_url(), reply_to)


def _to_guest(enquiry: Enquiry, subject: str, template: str, text: str = "") -> None:
    path = enquiry.get_absolute_url() if enquiry.guest else enquiry.guests_link()
    _send(enquiry, enquiry.guest_email, subject, template, text, path, [])


def _send(
    enquiry: Enquiry,
    address: str,
    subject: str,
    template: str,
    text: str,
    path: str,
    reply_to: list[str],
) -> None:
    if not address:  # an account without one, or one that is gone
        return
    context = {"enquiry": enquiry, "text": text, "url": f"{enquiry.origin}{path}"}
    body = render_to_string(f"enquiries/mail/{template}.txt", context)
    title = " ".join(enquiry.letting_title.split())
    EmailMessage(subject % {"title": title}, body, None, [address], reply_to=reply_to).send()
