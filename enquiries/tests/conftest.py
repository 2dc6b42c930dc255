import pytest

from background.tests.backend import use_outbox
from enquiries.by_mail import inbox
from enquiries.by_mail import mailbox as mailbox_module
from lettings.tests.factories import make_letting

from . import mailboxes
from .factories import make_enquiry, make_profile

ON_A_SERVER = pytest.param(
    "server",
    marks=pytest.mark.skipif(
        not mailboxes.SERVER,
        reason="TEST_IMAP_URL=imap://user:password@host:port names no IMAP server",
    ),
)


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Raise the mail server's timeout, because a busy machine may be slow."""
    monkeypatch.setattr(mailbox_module, "TIMEOUT", 60)


@pytest.fixture(params=["memory", ON_A_SERVER])
def mailbox(request):
    """An empty mailbox: in memory, and also on a real server if there is one."""
    if request.param == "memory":
        yield mailboxes.Memory()
    else:
        with mailboxes.folder() as real:
            yield real


@pytest.fixture
def way_in(settings):
    """Settings of a site that takes answers by mail."""
    settings.MAIL_WAY_IN = {"address": mailboxes.ADDRESS}
    settings.DEFAULT_FROM_EMAIL = "Orange County Lettings <lettings@example.org>"


@pytest.fixture
def outbox(settings):
    use_outbox(settings)


@pytest.fixture
def enquiry():
    letting = make_letting("Oceanview Retreat", host=make_profile("host"), sleeps=4)
    return make_enquiry(letting)


@pytest.fixture
def collect(mailbox):
    """Return a function that delivers and collects mails, and returns their flags."""

    def deliver_and_collect(*letters):
        for letter in letters:
            mailbox.deliver(letter if isinstance(letter, bytes) else letter.as_bytes())
        inbox.collect(mailbox)
        return mailbox.flags()

    return deliver_and_collect
