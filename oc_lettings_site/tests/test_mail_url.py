"""EMAIL_URL: the way out for mail."""

import pytest

from oc_lettings_site import mail_url

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
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://h:port", "smtp://h/?tls=1"]
)
def test_what_is_none(url):
    with pytest.raises(ValueError):
        mail_url.parse(url)
