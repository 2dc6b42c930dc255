"""Answers by mail: into the thread, once, and to nobody who did not ask for them."""

from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model

from background import jobs
from background.models import Job, Mail
from background.tests import smtp
from enquiries import tasks, actions
from enquiries.by_mail import addresses, inbox
from enquiries.by_mail.mailbox import MailboxError
from enquiries.models import Enquiry

from . import mailboxes
from .reply_mails import FLAGGED, SEEN, answer, sent_mails, texts
from .factories import make_enquiry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way_in", "outbox")]


class TestPassedOn:
    def test_the_host_answers(self, enquiry, collect):
        assert collect(answer(enquiry)) == [SEEN]
        assert texts() == ["Yes, it is."]
        assert sent_mails() == [("ann@example.org", "Your host has answered: Oceanview Retreat")]
        enquiry.refresh_from_db()
        assert enquiry.state == "answered"
        assert enquiry.answer_time is not None
        (mail,) = Mail.objects.all()
        assert "host@example.org" not in str(mail.content)
        assert mail.content["reply_to"] == [addresses.answers_to(enquiry.pk, by_host=False)]
        assert mail.content["body"].startswith("##- Write your answer above this line -##\n\nYes")
        assert mail.content["headers"]["Auto-Submitted"] == "auto-generated"

    def test_the_guest_answers(self, enquiry, collect):
        assert collect(answer(enquiry, "With a dog?", by_host=False)) == [SEEN]
        assert sent_mails() == [("host@example.org", "Your guest writes: Oceanview Retreat")]
        assert "ann@example.org" not in str(Mail.objects.get().content)
        enquiry.refresh_from_db()
        assert enquiry.state == "new"

    def test_an_address_in_capitals_or_on_the_envelope_alone(self, enquiry, collect):
        to = addresses.answers_to(enquiry.pk, by_host=True).upper()
        collect(answer(enquiry, To=to), answer(enquiry, "B", To="all@e.org", Delivered_To=to))
        assert texts() == ["Yes, it is.", "B"]

    def test_the_same_mail_twice(self, enquiry, collect):
        mail = answer(enquiry)
        assert collect(mail, mail) == [SEEN, SEEN]
        assert texts() == ["Yes, it is."]
        assert len(sent_mails()) == 1

    def test_one_mail_to_two_guests(self, enquiry, collect):
        other = make_enquiry(enquiry.letting, guest_name="Eve", guest_email="eve@example.org")
        Enquiry.objects.filter(pk=enquiry.pk).update(state="closed")
        to = ", ".join(addresses.answers_to(one.pk, by_host=True) for one in (enquiry, other))
        mail = answer(enquiry, To=to)
        assert collect(mail, mail) == [FLAGGED] * 2
        assert list(other.messages.values_list("text", flat=True))[1:] == ["Yes, it is."]
        assert sorted(sent_mails()) == [
            ("eve@example.org", "Your host has answered: Oceanview Retreat"),
            ("host@example.org", "Not passed on: Oceanview Retreat"),
        ]

    def test_a_mail_without_an_id(self, enquiry, collect):
        one, other = (answer(enquiry, text, Message_ID="") for text in "AB")
        collect(one, one, other)
        assert texts() == ["A", "B"]

    def test_attachments_stay_behind_and_their_sender_is_told(self, enquiry, collect):
        mail = answer(enquiry)
        mail.add_attachment(b"GIF", maintype="image", subtype="gif", filename="porch.gif")
        assert collect(mail) == [SEEN]
        assert texts() == ["Yes, it is."]
        assert (
            "host@example.org",
            "Passed on without attachments: Oceanview Retreat",
        ) in sent_mails()

    def test_what_stays_behind_is_named(self, enquiry, collect):
        mail = answer(enquiry)
        mail.add_attachment(b"No.", "text", "plain", filename="prix d’été.txt")
        photo = {"filename": "IMG_1.jpg", "disposition": "inline", "cid": "<1@e>"}
        mail.add_attachment(b"x" * 60_000, maintype="image", subtype="jpeg", **photo)
        mail.add_attachment(b"x", maintype="image", subtype="png", **photo | {"filename": "logo"})
        collect(mail)
        assert texts() == ["Yes, it is."]
        body = Mail.objects.get(subject__startswith="Passed on without").content["body"]
        assert "\nprix d’été.txt\nIMG_1.jpg\n\n" in body
        assert "logo" not in body

    def test_letters_that_can_not_be_read_are_said(self, enquiry, collect):
        head = f"To: {addresses.answers_to(enquiry.pk, by_host=True)}\nFrom: h@example.net\n"
        head += "Content-Type: text/plain; charset=utf-8\n\n"
        mail = head.encode() + "Déjà ".encode() + b"\xff libre"
        assert collect(mail, mail) == [SEEN, SEEN]
        assert texts() == ["Déjà \ufffd libre"]
        told = Mail.objects.get(recipients=["host@example.org"])
        assert told.subject == "Passed on, but not every letter: Oceanview Retreat"
        assert "Déjà \ufffd libre" in told.content["body"]

    def test_a_signature_is_none(self, enquiry, collect):
        mail = answer(enquiry)
        mail.add_attachment(
            b"-", maintype="application", subtype="pgp-signature", filename="s.asc"
        )
        collect(mail)
        assert len(sent_mails()) == 1

    def test_html_alone(self, enquiry, collect):
        mail = answer(enquiry)
        mail.set_content("<p>Oui&nbsp;!</p><blockquote>##- x<br>Ann</blockquote>", subtype="html")
        collect(mail)
        assert texts() == ["Oui\u00a0!"]

    @pytest.mark.parametrize("charset", ["nonsense", "us-ascii", "utf-7", "rot13", "idna", ""])
    def test_any_charset(self, enquiry, collect, charset):
        head = f"To: {addresses.answers_to(enquiry.pk, by_host=True)}\nFrom: h@example.net\n"
        head += f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
        collect(head.encode() + "Déjà libre".encode(), head.encode() + b"D\xe9j\xe0 vu")
        assert texts() == ["Déjà libre", "Déjà vu"]

    def test_characters_that_databases_refuse_are_removed(self, enquiry, collect):
        mail = answer(enquiry)
        mail.set_content("Yes\0, it is.", cte="base64")
        collect(mail)
        assert texts() == ["Yes, it is."]

    @pytest.mark.parametrize(
        "change",
        [
            str,
            str.upper,
            lambda key: quote(key, safe=""),
            lambda key: quote(quote(key, safe=""), safe=""),
            lambda key: quote(key, safe="").replace("%", "-"),
            lambda key: quote(key, safe="").lower(),
            lambda key: "".join(f"%{ord(x):02X}" if not x.isalnum() else x for x in key),
        ],
        ids=range(7),
    )
    def test_a_key_that_a_program_quoted_out_of_place(self, enquiry, collect, change):
        keys = [enquiry.guests_link().split("/")[-2]]
        keys += [addresses.answers_to(enquiry.pk, by_host=by_host) for by_host in (True, False)]
        text = " ".join(change(key) for key in keys)
        collect(answer(enquiry, f"See {text}.", by_host=False, quoted=""))
        assert texts() == ["See … … …."]

    def test_a_key_in_a_link_of_html(self, enquiry, collect):
        key, link = enquiry.guests_link().split("/")[-2], "https://safe.example.com/?url="
        html = f"See <a href='{link}{quote(key, safe='')}&amp;data=1'>it</a>, "
        html += f"{key[:4]}<b>{key[4:]}</b>."
        mail = answer(enquiry, by_host=False)
        mail.set_content(html, subtype="html")
        collect(mail)
        assert texts() == [f"See it <{link}…&data=1>, …."]


class TestNotPassedOn:
    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("application/pkcs7-mime", "It is encrypted"),
            ("application/ms-tnef", "winmail.dat"),
            ("text/calendar", "answer of a calendar"),
            ("multipart/mixed", "A part of its text"),
        ],
    )
    def test_words_that_can_not_be_read(self, enquiry, collect, kind, reason):
        head = f"To: {addresses.answers_to(enquiry.pk, by_host=True)}\nFrom: h@example.net\n"
        mail = f"{head}Content-Type: {kind}\n\nx".encode()
        assert collect(mail, mail) == [FLAGGED, FLAGGED]
        (told,) = Mail.objects.all()
        assert (texts(), told.recipients) == ([], ["host@example.org"])
        assert reason in told.content["body"]

    def test_a_closed_thread(self, enquiry, collect):
        Enquiry.objects.update(state="declined")
        assert collect(answer(enquiry)) == [FLAGGED]
        assert texts() == []
        assert sent_mails() == [("host@example.org", "Not passed on: Oceanview Retreat")]
        content = Mail.objects.get().content
        assert "the enquiry is closed." in content["body"]
        assert f"http://testserver/enquiries/{enquiry.pk}/" in content["body"]
        assert content["headers"]["Auto-Submitted"] == "auto-replied"
        assert content["reply_to"] == []

    @pytest.mark.parametrize(
        ("text", "words"), [("", "Nothing stood above the line"), ("x" * 4001, "longer than the")]
    )
    def test_nothing_and_too_much(self, enquiry, collect, text, words):
        assert collect(answer(enquiry, text)) == [FLAGGED]
        assert texts() == []
        assert words in Mail.objects.get().content["body"]

    def test_the_reason_is_said_in_its_readers_language(self, enquiry, collect):
        Enquiry.objects.update(language="fr", state="closed")
        collect(answer(enquiry, by_host=False))
        (mail,) = Mail.objects.all()
        assert mail.subject.startswith("Non transmis")
        assert "la demande est close" in mail.content["body"]

    def test_once_a_day_for_each_reason(self, enquiry, collect):
        collect(answer(enquiry, ""), answer(enquiry, ""), answer(enquiry, "x" * 4001))
        assert [to for to, _ in sent_mails()] == ["host@example.org"] * 2

    def test_too_many_within_an_hour(self, enquiry, collect, monkeypatch):
        monkeypatch.setattr(inbox, "AN_HOUR", 2)
        flags = collect(*[answer(enquiry, str(number)) for number in range(4)])
        assert flags == [SEEN, SEEN, FLAGGED, FLAGGED]
        assert texts() == ["0", "1"]
        assert [to for to, _ in sent_mails()] == ["ann@example.org"] * 2 + ["host@example.org"]

    def test_a_wrong_token_of_a_stranger_is_answered_by_nobody(self, enquiry, collect):
        right = addresses.answers_to(enquiry.pk, by_host=True)
        last = "b" if right[-13] == "a" else "a"
        forged = f"{right[:-13]}{last}@example.org"
        others = (right.replace("h", "g", 1), forged, "answers@example.org")
        assert collect(*[answer(enquiry, To=to) for to in others]) == [FLAGGED] * 3
        assert (texts(), sent_mails()) == ([], [])

    def test_a_wrong_token_of_somebody_we_know(self, enquiry, collect):
        mails_ = [answer(enquiry, To="answers@example.org", From="Host@example.org")] * 2
        assert collect(*mails_) == [FLAGGED] * 2
        assert sent_mails() == [("host@example.org", "Not passed on: Oceanview Retreat")]
        assert "not clear which enquiry" in Mail.objects.get().content["body"]

    def test_a_side_that_is_gone_or_barred(self, enquiry, collect):
        get_user_model().objects.update(is_active=False)
        Enquiry.objects.update(guest_email="")
        assert collect(answer(enquiry), answer(enquiry, by_host=False)) == [FLAGGED] * 2
        assert (texts(), sent_mails()) == ([], [])

    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto-Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"List-Id": "<all.example.org>"},
            {"Return-Path": "<>"},
            {"X-Autoreply": "yes"},
            {"From": "lettings@example.org"},
            {"From": "answers@example.org"},
            {"From": "MAILER-DAEMON@example.net"},
        ],
        ids=str,
    )
    def test_mails_of_programs_are_ignored(self, enquiry, collect, headers):
        Enquiry.objects.update(state="closed")
        assert collect(answer(enquiry, **headers)) == [SEEN]
        assert (texts(), sent_mails()) == ([], [])

    def test_an_unreadable_mail_does_not_stop_the_others(self, enquiry, collect, monkeypatch):
        read = inbox.incoming.read

        def read_good(mail):
            return 1 / 0 if mail.message["Subject"] == "bad" else read(mail)

        monkeypatch.setattr(inbox.incoming, "read", read_good)
        assert collect(b"Subject: bad\n\n", answer(enquiry)) == [FLAGGED, SEEN]
        assert texts() == ["Yes, it is."]

    def test_a_mail_that_the_server_can_not_read_does_not_stop_the_others(
        self, enquiry, collect, mailbox, monkeypatch
    ):
        do = type(mailbox).fetch

        def fetch(uid):
            if uid == mailbox.unseen()[0]:
                raise MailboxError("The mail server refused FETCH")
            return do(mailbox, uid)

        monkeypatch.setattr(mailbox, "fetch", fetch)
        with pytest.raises(MailboxError, match="refused FETCH"):
            collect(answer(enquiry, "A"), answer(enquiry, "B"))
        assert mailbox.flags() == [set(), SEEN]
        assert texts() == ["B"]

    def test_an_author_who_can_not_be_mailed_does_not_stop_the_others(self, enquiry, collect):
        enquiry.host.user.email = "josé"
        enquiry.host.user.save()
        bad = answer(make_enquiry(enquiry.letting), "Hello?", by_host=False)
        assert collect(bad, answer(enquiry, "B")) == [SEEN, SEEN]
        assert texts()[-2:] == ["Hello?", "B"]
        assert Mail.objects.get(state="failed").recipients == ["josé"]

    def test_an_error_of_the_site_does_not_stop_the_others(
        self, enquiry, collect, mailbox, monkeypatch
    ):
        say = actions.say

        def fail_once(*args, **kwargs):
            monkeypatch.setattr(inbox.actions, "say", say)
            raise RuntimeError("a fault")

        monkeypatch.setattr(inbox.actions, "say", fail_once)
        with pytest.raises(RuntimeError):
            collect(answer(enquiry, "A"), answer(enquiry, "B"))
        assert mailbox.flags() == [set(), SEEN]
        assert collect() == [SEEN, SEEN]
        assert texts() == ["B", "A"]


def test_a_mailbox_that_is_away_stands_beside_the_job(settings):
    nobody = {"host": "127.0.0.1", "port": smtp.free_port(), "scheme": "imaps"}
    settings.MAIL_WAY_IN |= nobody
    jobs.known()
    Job.objects.create(name="enquiries.tasks.take_answers_in")
    with pytest.raises(MailboxError):
        jobs.run("enquiries.tasks.take_answers_in")
    error = Job.objects.get().error
    assert error.startswith(f"MailboxError: 127.0.0.1:{nobody['port']} can't be reached")
    assert "Set INBOX_URL again, and see docs/runbook.md, Answers by mail." in error


@pytest.mark.skipif(not mailboxes.SERVER, reason="TEST_IMAP_URL is not set")
def test_the_job_on_a_server(enquiry, settings):
    with mailboxes.folder() as real:
        real.deliver(answer(enquiry).as_bytes())
        server = mailboxes.server(folder=real.folder, address=mailboxes.ADDRESS)
        settings.MAIL_WAY_IN = server
        tasks.take_answers_in()
        tasks.take_answers_in()
        assert real.flags() == [SEEN]
    assert texts() == ["Yes, it is."]


def test_the_job_does_nothing_without_a_mailbox(settings):
    settings.MAIL_WAY_IN = {}
    tasks.take_answers_in()
    assert not Mail.objects.exists()
