"""What a program wrote by itself, and what a person did (RFC 3834)."""

from email import message_from_bytes

import pytest

from enquiries.by_mail import addresses, parts
from enquiries.by_mail.automatic import Sign, sign

from .reply_mails import FLAGGED, answer, sent_mails, texts

pytestmark = pytest.mark.usefixtures("way_in")


def sign_of(**headers):
    lines = [f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items()]
    raw = f"{''.join(lines)}\nYes\n".encode()
    return sign(message_from_bytes(raw, policy=parts.Policy()))


@pytest.mark.parametrize(
    "headers",
    [
        # RFC 3834, 5: a keyword, comments and parameters; others than "no" are automatic.
        {"Auto-Submitted": "auto-generated"},
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "Auto-Replied (vacation)"},
        {"Auto-Submitted": "auto-replied; owner-email=ann@example.org"},
        {"Auto-Submitted": "auto-notified"},
        {"Auto-Submitted": "x-new-keyword"},
        {"Auto-Submitted": "(no) auto-replied"},
        {"AUTO-SUBMITTED": "YES"},
        {"Precedence": "bulk"},
        {"Precedence": "List"},
        {"Precedence": "junk"},
        {"Precedence": "auto_reply"},
        {"List-Id": "Hosts <hosts.example.org>"},
        {"X-Autoreply": "yes"},
        {"X-Autoreply": ""},
        {"X-Auto-Reply": "ann@example.org"},
        {"X-Autorespond": "Re: hello"},
        {"X-Autoresponder": "cPanel"},
        {"X-Autoreply-From": "ann@example.org"},
        {"X-Mail-Autoreply": "1"},
        {"Return-Path": "<>"},
        {"Return-Path": " < > "},
        {"From": "MAILER-DAEMON@example.net (Mail Delivery System)"},
        {"Content-Type": "multipart/report; report-type=disposition-notification; boundary=a"},
        {"From": "Lettings <lettings@example.org>"},
        {"From": "answers@example.org"},
    ],
    ids=str,
)
def test_a_program_says_so(headers):
    assert sign_of(**headers) == Sign.SURE


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: New enquiry",
        "Automatic Reply",
        "AUTOMATIC REPLY: Re: New enquiry",
        "Auto reply: x",
        "Autoreply",
        "Auto-Reply: x",
        "Autoreply Re: New enquiry",
        "AUTO: Bob is out of the office (returning 12/03/2026)",
        "Automatic response: x",
        "Auto Response - x",
        "Out of office",
        "Out of Office: New enquiry",
        "Out of Office Re: New enquiry",
        "Out of Office AutoReply: New enquiry",
        "Out-of-Office: x",
        "Out of the office until Monday",
        "OOO: back on Monday",
        "OOO",
        "I am out of the office",
        "Bob Smith is out of the office",
        "Bob is currently out of office until 3 Dec",
        "Away from my office",
        "Vacation reply",
        "Holiday message: x",
        "[EXTERNAL] Automatic reply: x",
        "[Auto-Reply] Re: x",
        "(Out of office) Re: x",
        "[EXTERNAL] [Automatic reply] x",
        "Absent(e) du bureau",
        "Réponse automatique : Nouvelle demande",
        "Réponse automatique: RE: x",
        "Re\u0301ponse automatique : x",
        "=?utf-8?q?R=C3=A9ponse_automatique_=3A_x?=",
        "=?iso-8859-1?q?R=E9ponse?= automatique",
        "Message automatique",
        "Absence du bureau",
        "Absence du bureau : x",
        "Absent du bureau jusqu'au 3 décembre",
        "Absente du bureau",
        "Absence : Nouvelle demande",
        "Message d'absence : x",
        "Message d’absence",
        "Notification d’absence",
        "Réponse d’absence : x",
        "Hors du bureau : x",
        "Je suis absent du bureau",
        "Anne Dupont est absente du bureau",
    ],
)
def test_only_the_subject_says_so(subject):
    assert sign_of(Subject=subject) == Sign.LIKELY


@pytest.mark.parametrize("value", ["All", "DR, OOF, AutoReply", "OOF, AutoReply", "AutoReply,OOF"])
def test_it_wants_no_replies(value):
    assert sign_of(X_Auto_Response_Suppress=value) == Sign.LIKELY


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "no"},
        {"Auto-Submitted": "No"},
        {"Auto-Submitted": "no; reason=typed"},
        {"Auto-Submitted": "no (a person wrote it)"},
        {"Auto-Submitted": "(by hand) no"},
        {"Auto-Submitted": "((by) hand) no (really (no)); a=b"},
        {"Auto-Submitted": r"(by \) hand) no (\()"},
        {"Auto-Submitted": ""},
        {"Auto-Submitted": "no", "Subject": "Out of office"},
        {"Auto-Submitted": "no", "X-Auto-Response-Suppress": "All"},
        {"Precedence": "first-class"},
        {"Precedence": "normal"},
        {"X-Autoreply": "no"},
        {"X-Auto-Response-Suppress": "None"},
        {"X-Auto-Response-Suppress": "DR, RN, NRN"},
        {"X-Auto-Response-Suppress": "OOF"},
        {"Return-Path": "<ann@example.org>"},
        {"List-Unsubscribe": "<https://crm.example.org/>"},
        {"From": "postmaster@example.net"},
        {"Subject": "Re: Out of office space"},
        {"Subject": "RE: Automatic reply: x"},
        {"Subject": "Rép : Réponse automatique : x"},
        {"Subject": "TR : Absence du bureau"},
        {"Subject": "Out of office space for rent"},
        {"Subject": "Automatic reply machines wanted"},
        {"Subject": "Autoroute fermée"},
        {"Subject": "Automatic gate"},
        {"Subject": "Out of office for rent"},
        {"Subject": "Absence de wifi"},
        {"Subject": "Vacation in June"},
        {"Subject": "OOOh yes"},
        {"Subject": "Re: New enquiry: Oceanview Retreat"},
        {"Subject": ""},
        {},
    ],
    ids=str,
)
def test_a_person_wrote_it(headers):
    assert sign_of(**headers) == Sign.NONE


@pytest.mark.django_db
@pytest.mark.usefixtures("outbox")
def test_what_only_seems_a_programs_is_left_to_staff(enquiry, collect, caplog):
    """Nothing that a person said is lost where the guess is wrong."""
    mails = [answer(enquiry, Subject="Out of office"), answer(enquiry, Auto_Submitted="no; a=b")]
    assert collect(*mails)[0] == FLAGGED
    assert "seems to be a program's" in caplog.text
    assert texts() == ["Yes, it is."]
    assert [to for to, _ in sent_mails()] == ["ann@example.org"]


def test_a_reply_address_as_the_sender():
    assert sign_of(From=addresses.answers_to(12, by_host=True)) == Sign.SURE
