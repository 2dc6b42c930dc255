"""The outbox: a mail is a row of its transaction, and is delivered once that is through."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from background import delivery, tasks
from background.models import Mail

from . import smtp
from .backend import use_outbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(settings):
    use_outbox(settings)
    settings.DEFAULT_FROM_EMAIL = "Lettings <lettings@example.org>"


@pytest.fixture(scope="module")
def mail_server():
    with smtp.server() as running:
        yield running


@pytest.fixture
def post(mail_server, settings):
    post, port = mail_server
    settings.MAIL_WAY_OUT = smtp.way_out(port)
    post.messages.clear()
    yield post
    post.answer = "250 OK"
    post.answers.clear()


def write(to="host@example.org", **fields):
    EmailMessage("A question", "Is the porch free?", None, [to], **fields).send()
    return Mail.objects.latest("pk")


def make_due(**fields):
    Mail.objects.update(due_at=timezone.now(), **fields)


class TestDelivery:
    def test_a_mail_arrives_as_it_was_written(self, post, django_capture_on_commit_callbacks):
        message = EmailMultiAlternatives(
            "Grüße",
            "Is it free?",
            "Guest <guest@example.org>",
            ["Høst <host@example.org>"],
            cc=["second@example.org"],
            bcc=["third@example.org"],
            reply_to=["guest@example.org"],
            headers={"List-Unsubscribe": "<https://example.org/>"},
        )
        message.attach_alternative("<p>Is it free?</p>", "text/html")
        with django_capture_on_commit_callbacks(execute=True):
            assert message.send() == 1
        ((arrived, recipients),) = post.messages
        assert arrived["Subject"] == "Grüße"
        assert arrived["Reply-To"] == "guest@example.org"
        assert arrived["List-Unsubscribe"] == "<https://example.org/>"
        assert arrived["Message-ID"].endswith("@example.org>")
        assert "third" not in arrived.as_string()
        assert recipients == ["host@example.org", "second@example.org", "third@example.org"]
        assert arrived.get_body(("html",)).get_content().strip() == "<p>Is it free?</p>"
        assert arrived.get_body(("plain",)).get_content().strip() == "Is it free?"

    def test_what_was_delivered_is_forgotten(self, post):
        sent = write()
        tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert (sent.state, sent.content, sent.tries) == ("sent", {}, 1)
        assert sent.recipients == ["host@example.org"]
        assert timezone.now() - sent.sent_at < timedelta(minutes=1)

    def test_a_page_that_fails_sends_nothing(self, post, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            with pytest.raises(RuntimeError), transaction.atomic():
                write()
                raise RuntimeError
        assert post.messages == []
        assert not Mail.objects.exists()

    def test_a_second_nudge_sends_nothing(self, post):
        sent = write()
        for _ in range(3):
            tasks.deliver(sent.pk)
        assert len(post.messages) == 1

    def test_what_another_sends_is_left_to_it(self, post):
        sent = write()
        assert delivery.claim(sent.pk, timezone.now())
        tasks.deliver(sent.pk)
        assert post.messages == []

    def test_a_lease_that_is_over_is_taken_over(self, post):
        sent = write()
        delivery.claim(sent.pk, timezone.now() - delivery.LEASE - timedelta(seconds=1))
        tasks.sweep()
        tasks.deliver(sent.pk)
        assert len(post.messages) == 1

    def test_who_lost_the_lease_has_no_word(self, post):
        sent = write()
        lease = delivery.claim(sent.pk, timezone.now())
        Mail.objects.update(due_at=lease + timedelta(seconds=1))
        delivery.note(sent, lease, state="failed")
        sent.refresh_from_db()
        assert sent.state == "sending"

    def test_a_mail_that_is_gone_is_no_error(self, post):
        tasks.deliver(404)

    @pytest.mark.parametrize(
        "fields",
        [
            {"attachments": [("a.txt", "a", "text/plain")]},
            {"headers": {"X-A": "a\nBcc: b@example.org"}},
        ],
    )
    def test_what_can_not_be_sent_is_refused_where_it_is_written(self, fields):
        with pytest.raises(ValueError):
            write(**fields)

    @pytest.mark.parametrize("address", ["josé", "host@example.org\nand another"])
    def test_an_address_that_is_none_fails_where_staff_see_it(self, address, caplog):
        written = write(to=address)
        assert (written.state, written.recipients) == ("failed", [address])
        assert "no e-mail address" in caplog.text

    def test_a_mail_to_nobody_is_none(self):
        assert EmailMessage("A", "b", None, []).send() == 0
        assert not Mail.objects.exists()

    def test_django_itself_sends_by_it(self):
        send_mail("A", "b", None, ["host@example.org"])
        assert Mail.objects.get().subject == "A"
        assert django_mail.outbox == []


class TestFailure:
    def test_it_is_tried_later(self, post):
        post.answer = "451 Try later"
        sent = write()
        tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert sent.state == "waiting"
        assert "451" in sent.error
        assert sent.content["body"] == "Is the porch free?"
        seconds = (sent.due_at - timezone.now()).total_seconds()
        assert 10 < seconds <= 30
        tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert sent.tries == 1, "before its time"
        post.answer = "250 OK"
        make_due()
        tasks.deliver(sent.pk)
        assert len(post.messages) == 1
        sent.refresh_from_db()
        assert (sent.state, sent.error, sent.tries) == ("sent", "", 2)

    def test_every_try_has_the_same_message_id(self, post):
        sent = write()
        tasks.deliver(sent.pk)
        first = post.messages[0][0]["Message-ID"]
        assert first == sent.message_id
        kept = Mail.objects.get().content | sent.content
        make_due(state="waiting", content=kept)
        tasks.deliver(sent.pk)
        assert post.counted() == {first: 2}
        assert post.messages[0][0]["Date"] == post.messages[1][0]["Date"]

    def test_an_address_that_nobody_has_fails_at_once(self, post):
        sent = write(to="nobody@example.org")
        tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert sent.state == "failed"
        assert "No such user" in sent.error

    @pytest.mark.parametrize(
        ("step", "answer", "state"),
        [
            # RFC 5321, 4.2.1: 5yz is permanent, 4yz is not, whatever it answers.
            ("MAIL", "553 Sender not allowed", "failed"),
            ("MAIL", "550 No", "failed"),
            ("MAIL", "552 Too large", "failed"),
            ("MAIL", "451 Try later", "waiting"),
            ("MAIL", "421 Going down", "waiting"),
            ("RCPT", "550 No such user", "failed"),
            ("RCPT", "556 It takes no mail", "failed"),
            ("RCPT", "450 Greylisted", "waiting"),
            ("RCPT", "421 Going down", "waiting"),
            ("DATA", "554 This looks like spam", "failed"),
            ("DATA", "550 5.7.1 Refused", "failed"),
            ("DATA", "500 What?", "failed"),
            ("DATA", "452 Full", "waiting"),
            ("DATA", "421 Going down", "waiting"),
            # About us, and not about the mail.
            ("EHLO", "554 Go away", "waiting"),
            # RFC 4954, 6: the operator has to sign in otherwise.
            ("MAIL", "530 5.7.0 Authentication required", "waiting"),
            ("RCPT", "530 5.7.1 Authentication required", "waiting"),
            ("DATA", "535 5.7.8 Wrong password", "waiting"),
        ],
    )
    def test_what_the_server_answers_to_a_step(self, post, caplog, step, answer, state):
        post.answers[step] = answer
        post.answer = answer if step == "DATA" else post.answer
        sent = write()
        tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert (sent.state, answer[:3] in sent.error) == (state, True), sent.error
        told = [record.levelname for record in caplog.records if record.name.endswith("delivery")]
        is_told = state == "failed" or answer[:3] in {"530", "535"}
        assert told == ["ERROR" if is_told else "WARNING"]

    @pytest.mark.parametrize(
        ("error", "is_final"),
        [
            (smtplib.SMTPSenderRefused(553, b"No", "a@b"), True),
            (smtplib.SMTPSenderRefused(501, b"No", "a@b"), True),
            (smtplib.SMTPSenderRefused(-1, b"", "a@b"), False),
            (smtplib.SMTPDataError(354, b"Go on"), False),
            (smtplib.SMTPDataError(599, b"No"), True),
            (smtplib.SMTPResponseException(554, b"No"), True),
            (smtplib.SMTPRecipientsRefused({"a@b": (550, b""), "c@d": (550, b"")}), True),
            (smtplib.SMTPRecipientsRefused({"a@b": (550, b""), "c@d": (450, b"")}), False),
            (smtplib.SMTPConnectError(554, b"No"), False),
            (smtplib.SMTPHeloError(550, b"No"), False),
            (smtplib.SMTPAuthenticationError(535, b"No"), False),
            (smtplib.SMTPServerDisconnected("gone"), False),
            (smtplib.SMTPNotSupportedError("no STARTTLS"), False),
            (TimeoutError(), False),
            (delivery.NotSetUp(), False),
            (delivery.NotOpened(), False),
        ],
        ids=repr,
    )
    def test_whether_a_refusal_is_final(self, error, is_final):
        assert delivery.refused_for_good(error) is is_final

    def test_a_wrong_password_is_the_operators_and_told_at_once(
        self, monkeypatch, settings, post, caplog
    ):
        def login(*args):
            raise smtplib.SMTPAuthenticationError(535, b"Wrong password")

        monkeypatch.setattr(smtplib.SMTP, "login", login)
        settings.MAIL_WAY_OUT |= {"username": "me", "password": "wrong"}
        sent = write()
        for _ in range(2):
            make_due()
            tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert (sent.state, sent.tries) == ("waiting", 2)
        assert sent.error.startswith("SMTPAuthenticationError: (535")
        told = [record.levelname for record in caplog.records if record.name.endswith("delivery")]
        assert told == ["ERROR", "WARNING"]

    def test_a_recipient_that_is_refused_beside_another_is_seen(self, post, caplog):
        sent = write(cc=["nobody@example.org"])
        tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert (sent.state, len(post.messages)) == ("sent", 1)
        assert "nobody@example.org" in sent.error and "No such user" in sent.error
        assert "not taken for all" in caplog.text

    def test_after_a_day_it_has_failed_until_staff_say_otherwise(
        self, post, django_capture_on_commit_callbacks
    ):
        post.answer = "451 Try later"
        sent = write()
        make_due(tried_until=timezone.now() - timedelta(seconds=1))
        tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert sent.state == "failed"
        post.answer = "250 OK"
        make_due()
        tasks.deliver(sent.pk)
        assert post.messages == []
        with django_capture_on_commit_callbacks(execute=True):
            assert delivery.try_again(Mail.objects.all()) == 1
        assert len(post.messages) == 1

    def test_somebody_is_told_once_long_before_it_has_failed(self, post, caplog):
        post.answer = "451 Try later"
        sent = write()
        for _ in range(10):
            make_due()
            tasks.deliver(sent.pk)
        told = [record for record in caplog.records if record.name == "background.delivery"]
        assert [record.levelname for record in told] == ["WARNING"] * 7 + ["ERROR"] + [
            "WARNING"
        ] * 2
        assert not any("@" in record.getMessage() for record in told)
        longest = sum((delivery.pause(tries) for tries in range(1, 8)), timedelta())
        assert timedelta(minutes=30) < longest < timedelta(minutes=70)

    def test_a_server_that_is_away(self, settings):
        settings.MAIL_WAY_OUT = smtp.way_out(smtp.free_port())
        sent = write()
        tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert (sent.state, sent.error[:22]) == ("waiting", "ConnectionRefusedError")

    def test_no_way_out_at_all(self, settings):
        settings.MAIL_WAY_OUT = {}
        sent = write()
        tasks.deliver(sent.pk)
        sent.refresh_from_db()
        assert (sent.state, sent.error[:31]) == ("waiting", "NotSetUp: EMAIL_URL is not set:")

    def test_the_pauses_grow_up_to_an_hour(self):
        for tries, longest in ((1, 30), (2, 60), (3, 120), (8, 3600), (500, 3600)):
            pauses = [delivery.pause(tries).total_seconds() for _ in range(50)]
            assert longest / 2 <= min(pauses) < max(pauses) <= longest


def test_a_database_that_stumbles_is_told_a_second_time(post, monkeypatch):
    """Or a mail that the server has would go out again when the lease is over."""
    sent, left = write(), [DatabaseError("gone")] * 2
    lease = delivery.claim(sent.pk, timezone.now())
    update = type(Mail.objects.all()).update

    def stumble(self, **fields):
        if left:
            raise left.pop()
        return update(self, **fields)

    monkeypatch.setattr(type(Mail.objects.all()), "update", stumble)
    monkeypatch.setattr(delivery, "connection", type("C", (), {"in_atomic_block": False}))
    monkeypatch.setattr(delivery.connection, "close", lambda: None, raising=False)
    monkeypatch.setattr(delivery.time, "sleep", lambda seconds: None)
    delivery.note(sent, lease, state="sent")
    sent.refresh_from_db()
    assert (sent.state, left) == ("sent", [])


def test_the_sweep_hands_over_what_is_due_alone(post, django_capture_on_commit_callbacks):
    due, later, done = write(), write(), write()
    Mail.objects.filter(pk=later.pk).update(due_at=timezone.now() + timedelta(hours=1))
    Mail.objects.filter(pk=done.pk).update(state="failed")
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep()
    assert post.counted() == {due.message_id: 1}


def test_the_sweep_hands_over_a_few_while_the_server_takes_none(monkeypatch):
    handed_over = []
    monkeypatch.setattr(tasks, "after_commit", lambda name, pk: handed_over.append(pk))
    for _ in range(tasks.AT_ONCE_IN_TROUBLE + 2):
        write()
    tasks.sweep()
    assert len(handed_over) == tasks.AT_ONCE_IN_TROUBLE + 2
    write()
    Mail.objects.filter(pk=handed_over.pop(0)).update(due_at=timezone.now() + timedelta(hours=1))
    handed_over.clear()
    tasks.sweep()
    assert len(handed_over) == tasks.AT_ONCE_IN_TROUBLE
    Mail.objects.filter(pk=handed_over.pop(0)).update(state="sent", sent_at=timezone.now())
    handed_over.clear()
    tasks.sweep()
    assert len(handed_over) == tasks.AT_ONCE_IN_TROUBLE + 1  # it takes mail again


def test_mail_that_was_delivered_or_failed_is_forgotten_after_a_month():
    old = timezone.now() - timedelta(days=31)
    late = [(state, old) for state in Mail.State]
    for state, created_at in [*late, ("sent", timezone.now()), ("failed", timezone.now())]:
        Mail.objects.filter(pk=write().pk).update(state=state, created_at=created_at)
    tasks.clean_up()
    kept = Mail.objects.order_by("pk").values_list("state", flat=True)
    assert list(kept) == ["waiting", "sending", "sent", "failed"]
