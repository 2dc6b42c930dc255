"""Parse incoming mails of odd programs and of attackers."""

from time import process_time

import pytest

from enquiries.by_mail import addresses, incoming, parts as mail_parts
from enquiries.by_mail.automatic import Sign

pytestmark = pytest.mark.usefixtures("way_in")
MEGABYTE = 1_000_000


def mail(body="Yes.\n", **headers):
    """Return a mail as it stands on the wire; EmailMessage would tidy what is odd in it."""
    headers = {"To": addresses.answers_to(12, by_host=True), "From": "h@example.net"} | headers
    lines = [f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items()]
    return f"{''.join(lines)}\n{body}".encode()


def read_raw(raw):
    return incoming.read(mail_parts.whole(raw))


@pytest.mark.parametrize(
    "to",
    [
        "Orange, County [x] <{}>",
        "ann@example.net; {}",
        "<mailto:{}>",
        "((, {}",
        "ann@[, {}",
        f"{'(' * 2000}, {{}}",
        "=?utf-8?q?Orange=2C?=\n <{}>",
        "Élodie <{}>",
    ],
    ids=lambda to: to[:24],
)
def test_an_address_is_found_among_what_no_standard_knows(to):
    read = read_raw(mail(To=to.format(addresses.answers_to(12, by_host=True))))
    assert (read.sides, read.text) == ([(12, True)], "Yes.")


@pytest.mark.parametrize(
    "headers",
    [
        {"From": '"'},
        {"From": "Bob <b@[>"},
        {"From": "=?utf-8?q?=0A=0D?= <b@example.net>"},
        {"Message-ID": "<a@["},
        {"Content-Type": "text/plain; charset=utf-8; name*0*=é"},
        {"Content-Disposition": "inline; filename*=nonsense''%e9"},
    ],
    ids=str,
)
def test_an_odd_header_hides_no_answer(headers):
    read = read_raw(mail(**headers))
    assert (read.sides, read.text, read.sign) == ([(12, True)], "Yes.", Sign.NONE)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"To": "a " * (MEGABYTE // 10)}, ""),
        ({"To": "a@b," * (MEGABYTE // 20)}, ""),
        ({"From": "a " * (MEGABYTE // 10)}, ""),
        ({"Auto-Submitted": "=?utf-8?q?a?= " * (MEGABYTE // 20)}, ""),
        ({"Content-Type": "text/plain" + ";a=b" * (MEGABYTE // 4)}, ""),
        ({"Content-Type": "text/plain; charset=punycode"}, "-" + "aaa9" * (MEGABYTE // 8)),
    ],
    ids=["words", "addresses", "from", "encoded", "parameters", "punycode"],
)
def test_nobody_makes_the_reader_think_for_long(headers, body):
    raw = mail(body, **headers)
    begin = process_time()
    read_raw(raw)
    assert process_time() - begin < 3


def test_more_parts_than_a_person_sends_are_not_read():
    read = read_raw(mail("--a\n\n" * 101, Content_Type="multipart/mixed; boundary=a"))
    assert (read.sides, read.trouble) == ([(12, True)], incoming.Trouble.PART)


def parts(kind, *bodies):
    """Return the body of a mail in parts."""
    return (
        "".join(f"--b\n{body}\n" for body in bodies) + "--b--\n",
        f"multipart/{kind}; boundary=b",
    )


PICTURE = "Content-Type: image/jpeg\nContent-Disposition: inline; filename=p.jpg\n\nAAAA"
NOTES = "Content-Type: text/plain\nContent-Disposition: attachment; filename=n.txt\n\nNo."
FORWARDED = "Content-Type: message/rfc822\nContent-Disposition: attachment\n\nTo: a@b\n\nNo."
HTML = "Content-Type: text/html\n\n<p>Yes."


@pytest.mark.parametrize(
    ("kind", "bodies", "text", "has_attachments"),
    [
        # Apple Mail, with a picture in between.
        ("mixed", ["\nAbove", PICTURE, "\nBelow\n\n> ##-\n> Ann"], "Above\n\nBelow", True),
        ("mixed", ["\nYes.", NOTES], "Yes.", True),
        ("mixed", ["\nYes.", FORWARDED], "Yes.", True),
        ("mixed", [HTML, "\n-- \nScanned"], "Yes.", False),
        ("alternative", ["\nYes.", HTML], "Yes.", False),
        ("alternative", ["\n \n", HTML], "Yes.", False),
        ("mixed", [PICTURE], "", True),
    ],
)
def test_all_that_was_written_is_taken(kind, bodies, text, has_attachments):
    body, content_type = parts(kind, *bodies)
    read = read_raw(mail(body, Content_Type=content_type))
    assert (read.text, bool(read.attachments)) == (text, has_attachments)
