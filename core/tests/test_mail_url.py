"""EMAIL_URL and INBOX_URL: how mail is sent and received."""

import pytest

from core import mail_url
from core.env import Env, mask_url

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False, False)),
        ("smtp+tls://me:p%40ss@mail.example", ("mail.example", 587, "me", "p@ss", True, False)),
        ("smtps://me:x@mail.example:2465", ("mail.example", 2465, "me", "x", False, True)),
    ],
)
def test_a_server(url, expected):
    way_out = mail_url.way_out(mail_url.parse(url))
    assert way_out.pop("backend") == SMTP
    assert way_out.pop("timeout") == 10
    names = ("host", "port", "username", "password", "use_tls", "use_ssl")
    assert tuple(way_out[name] for name in names) == expected


def test_no_server():
    assert mail_url.way_out("") == {}
    assert mail_url.way_out("console://")["backend"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://mail.example", "smtp://", "smtp://h:port", "smtp://h/?tls=1"]
    + ["smtp://me:p@ss#w@h:587"],
)
def test_what_is_none(url):
    with pytest.raises(ValueError):
        mail_url.parse(url)


@pytest.mark.parametrize(
    "text",
    ["a@e.org", "Some Lettings <a@e.org>", '"Lettings, Some" <a@e.org>', "Où <a@localhost>"],
)
def test_a_sender(text):
    assert mail_url.parse_sender(text) == text


@pytest.mark.parametrize(
    "text",
    ["lettings", "@e.org", "a@", "Lettings, Some <a@e.org>", "a@e.org, b@e.org", "a\n@e.org"],
)
def test_what_no_mail_can_be_from(text):
    with pytest.raises(ValueError):
        mail_url.parse_sender(text)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "imaps://answers%40e.org:p%40s%2Fs@mail.example",
            ("mail.example", 993, "imaps", "answers@e.org", "p@s/s", "INBOX", "answers@e.org"),
        ),
        (
            "imap+tls://me:x@mail.example:1143/A%20B?address=me+oc@e.org",
            ("mail.example", 1143, "imap+tls", "me", "x", "A B", "me+oc@e.org"),
        ),
        (
            "imap://a%40b:x@mail.example/",
            ("mail.example", 143, "imap", "a@b", "x", "INBOX", "a@b"),
        ),
    ],
)
def test_a_mailbox(url, expected):
    way_in = mail_url.way_in(mail_url.parse_inbox(url))
    names = ("host", "port", "scheme", "username", "password", "folder", "address")
    assert tuple(way_in[name] for name in names) == expected


def test_no_mailbox():
    assert mail_url.way_in("") == {}


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "pop3://a%40b:x@mail.example",
        "imaps://a%40b:x@",
        "imaps://a%40b@mail.example",
        "imaps://a%40b:x@mail.example:port",
        "imaps://me:x@mail.example",
        "imaps://a%40b:p@ss#w@mail.example",
        "imaps://me:x@mail.example?address=",
        "imaps://me:x@mail.example?address=a@b@c",
        "imaps://me:x@mail.example?adress=a@b",
        "imaps://me:x@mail.example?address=a%0Ab@c",
        "imaps://a%40b:x@mail.example/a%22b",
        f"imaps://me:x@mail.example?address={'a' * 24}@b",
    ],
)
def test_what_is_no_mailbox(url):
    with pytest.raises(ValueError):
        mail_url.parse_inbox(url)


def test_a_fault_shows_no_password():
    env = Env({"INBOX_URL": "imaps://me:geheim@mail.example"})
    env.parsed("INBOX_URL", "", mail_url.parse_inbox, mail_url.INBOX_EXAMPLES, hide=mask_url)
    (fault,) = env.faults
    assert "geheim" not in str(fault)
    assert "imaps://answers%40example.org:password@host" in str(fault)
