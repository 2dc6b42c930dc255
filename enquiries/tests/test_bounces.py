"""Delivery reports (RFC 3464) mark the mail they speak of, and do no more."""

import pytest

from background.models import Mail
from enquiries.by_mail.bounces import failures

from .reply_mails import SEEN, answer, sent_mails, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way_in", "outbox")]
RETURNED = "From: lettings@example.org\r\nTo: ann@example.org\r\nMessage-ID: {}\r\nSubject: A\r\n"
STATUS = (
    "Reporting-MTA: dns; mx.example.net\r\n\r\n"
    "Final-Recipient: rfc822; ann@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
    "Diagnostic-Code: smtp; 550 5.1.1 No such\r\n user\r\n"
)


def sent_mail(message_id="<1.2@example.org>", state="sent"):
    return Mail.objects.create(
        message_id=message_id, subject="A", recipients=["ann@example.org"], content={}, state=state
    )


def report(
    message_id="<1.2@example.org>",
    action="failed",
    status="5.1.1",
    kind="text/rfc822-headers",
    status_kind="message/delivery-status",
    encoding="7bit",
    **headers,
):
    """Return a report as it is on the wire."""
    head = {
        "From": "MAILER-DAEMON@mx.example.net",
        "To": "lettings@example.org",
        "Return-Path": "<>",
        "Auto-Submitted": "auto-replied",
        "Subject": "Undelivered Mail Returned to Sender",
        "Content-Type": "multipart/report; report-type=delivery-status; boundary=b",
    } | headers
    lines = [f"{name}: {value}\r\n" for name, value in head.items()]
    returned = RETURNED.format(message_id) + ("\r\nHello\r\n" if "headers" not in kind else "")
    parts = [
        "Content-Type: text/plain\r\n\r\nI am sorry to tell you.\r\n",
        f"Content-Type: {status_kind}\r\n\r\n{STATUS.format(action=action, status=status)}",
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{returned}",
    ]
    body = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return f"{''.join(lines)}\r\n{body}--b--\r\n".encode()


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "bounced"),
        ({"kind": "message/rfc822"}, "bounced"),
        # RFC 6533: for addresses in other letters than ASCII.
        (
            {"kind": "message/global-headers", "status_kind": "message/global-delivery-status"},
            "bounced",
        ),
        # Tried for days in vain: the status stays a 4, and the action is final.
        ({"action": "failed", "status": "4.4.7"}, "bounced"),
        ({"action": "FAILED (no such user)"}, "bounced"),
        ({"action": "delayed", "status": "4.4.1"}, "sent"),
        ({"action": "delivered", "status": "2.0.0"}, "sent"),
        ({"action": "relayed", "status": "2.0.0"}, "sent"),
        ({"action": "expanded", "status": "2.0.0"}, "sent"),
        ({"message_id": "<another@example.org>"}, "sent"),
        ({"message_id": ""}, "sent"),
        ({"Content-Type": "multipart/report; report-type=disposition-notification"}, "sent"),
    ],
    ids=str,
)
def test_what_a_report_says(enquiry, collect, changes, state):
    mail = sent_mail()
    assert collect(report(**changes)) == [SEEN]
    mail.refresh_from_db()
    assert mail.state == state
    assert ("5.1.1 No such user" in mail.error) == (state == "bounced")
    assert (texts(), sent_mails()) == ([], [("ann@example.org", "A")])


@pytest.mark.parametrize("state", ["waiting", "sending", "failed"])
def test_a_mail_that_was_not_sent_is_left_alone(enquiry, collect, state):
    mail = sent_mail(state=state)
    collect(report())
    mail.refresh_from_db()
    assert (mail.state, mail.error) == (state, "")


def test_a_forged_report_says_nothing_to_anybody(enquiry, collect):
    """Even with the reply address: its words are no answer."""
    mail = sent_mail()
    to = answer(enquiry)["To"]
    assert collect(report(To=to, From="eve@example.net"), report(To=to)) == [SEEN, SEEN]
    mail.refresh_from_db()
    assert (mail.state, texts()) == ("bounced", [])
    assert len(sent_mails()) == 1


def test_what_databases_refuse(enquiry, collect):
    mail = sent_mail()
    assert collect(report(action="failed\r\nStatus: 5.0.0 \0")) == [SEEN]
    assert collect(report(message_id="<a\0@example.org>")) == [SEEN, SEEN]
    mail.refresh_from_db()
    assert mail.state == "bounced"


def test_staff_see_it(admin_client, enquiry, collect):
    sent_mail()
    collect(report())
    page = admin_client.get("/admin/background/mail/?state__exact=bounced").content.decode()
    assert "undeliverable" in page and "No such user" in page


@pytest.mark.parametrize(
    ("status", "number"),
    [
        (b"", 0),
        (b"Action: failed", 1),
        (b"Status: 5.0.0", 1),
        (b"Status: 4.0.0", 0),
        (b"Action: delayed\nStatus: 5.0.0", 0),
        (b"Reporting-MTA: a\n\nAction: failed\n\n\nAction: delayed\n \nAction: failed\n", 2),
        (b"Action: failed\n\n" * 100_000, 20),
        (b"\xff\xfe\x00: \n\n:::\n\n", 0),
    ],
    ids=repr,
)
def test_each_recipient_has_a_block(status, number):
    assert len(list(failures(status[:200_000]))) == number
