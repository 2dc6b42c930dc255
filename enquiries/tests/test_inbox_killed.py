"""The process that reads answers by mail is killed at each step: still one message, one mail."""

import pytest

from enquiries import actions, mails
from enquiries.by_mail import inbox

from .reply_mails import FLAGGED, SEEN, answer, sent_mails, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way_in", "outbox")]


class Died(BaseException):
    """The process was killed."""


def die(*args, **kwargs):
    raise Died


def dying_after(function):
    def wrapped(*args, **kwargs):
        function(*args, **kwargs)
        raise Died

    return wrapped


class TestKilled:
    STEPS = {
        "before it is read": (inbox.incoming, "read", die),
        "before it is said": (actions, "say", die),
        "before the mail": (mails, "mail_message", die),
        "before the commit": (mails, "mail_message", dying_after(mails.mail_message)),
        "after the commit": (inbox, "take_in", dying_after(inbox.take_in)),
        "after the mail to its author": (
            mails,
            "mail_attachments_not_passed_on",
            dying_after(mails.mail_attachments_not_passed_on),
        ),
    }

    @pytest.mark.parametrize("step", STEPS)
    def test_one_message_and_one_mail(self, enquiry, collect, monkeypatch, step):
        mail = answer(enquiry)
        mail.add_attachment(b"GIF", maintype="image", subtype="gif", filename="porch.gif")
        with monkeypatch.context() as killed, pytest.raises(Died):
            killed.setattr(*self.STEPS[step])
            collect(mail)
        assert collect() == [SEEN]
        assert texts() == ["Yes, it is."]
        assert sorted(to for to, _ in sent_mails()) == ["ann@example.org", "host@example.org"]

    @pytest.mark.parametrize(
        ("step", "deadly"),
        [
            ("mail_not_passed_on", die),
            ("mail_not_passed_on", dying_after(mails.mail_not_passed_on)),
        ],
        ids=["before", "after"],
    )
    def test_one_refusal(self, enquiry, collect, monkeypatch, step, deadly):
        with monkeypatch.context() as killed, pytest.raises(Died):
            killed.setattr(mails, step, deadly)
            collect(answer(enquiry, ""))
        assert collect() == [FLAGGED]
        assert [to for to, _ in sent_mails()] == ["host@example.org"]

    def test_before_it_is_marked(self, enquiry, collect, mailbox, monkeypatch):
        with monkeypatch.context() as killed, pytest.raises(Died):
            killed.setattr(mailbox, "mark", die)
            collect(answer(enquiry))
        assert mailbox.flags() == [set()]
        assert collect() == [SEEN]
        assert texts() == ["Yes, it is."]
        assert len(sent_mails()) == 1

    def test_another_has_just_taken_it(self, enquiry, collect, monkeypatch):
        mail = answer(enquiry)
        collect(mail)
        looks = iter([False, True])
        monkeypatch.setattr(inbox, "_is_there", lambda key: next(looks))
        assert collect(mail) == [SEEN, SEEN]
        assert len(sent_mails()) == 1
