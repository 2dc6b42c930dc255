"""The mailbox and its in-memory fake pass the same tests; errors of a server."""

import imaplib
from datetime import datetime, timedelta, timezone

import pytest
from imapclient.exceptions import ProtocolError
from imapclient.response_types import BodyData

from background.tests import smtp
from enquiries.by_mail import incoming
from enquiries.by_mail import mailbox as mailbox_module
from enquiries.by_mail.incoming import Trouble
from enquiries.by_mail.mailbox import Mailbox, MailboxError, opened

from . import mailboxes

MAIL = b"Subject: Oc\xc3\xa9an\r\n\r\nYes.\r\n"
needs_a_server = pytest.mark.skipif(not mailboxes.SERVER, reason="TEST_IMAP_URL is not set")


class TestBoth:
    def test_an_empty_one(self, mailbox):
        assert mailbox.unseen() == []

    def test_what_is_fetched_stays_unseen(self, mailbox):
        mailbox.deliver(MAIL)
        (uid,) = mailbox.unseen()
        message = mailbox.fetch(uid).message
        assert message.get_payload(decode=True).strip() == b"Yes."
        assert mailbox.unseen() == [uid]

    def test_what_is_marked_is_seen(self, mailbox):
        for _ in range(3):
            mailbox.deliver(MAIL)
        first, second, third = mailbox.unseen()
        mailbox.mark(first)
        mailbox.mark(third, flagged=True)
        assert mailbox.unseen() == [second]
        assert mailbox.flags() == [{"\\Seen"}, set(), {"\\Seen", "\\Flagged"}]

    def test_one_that_is_gone(self, mailbox):
        assert mailbox.fetch(4711) is None
        mailbox.mark(4711)


@needs_a_server
class TestServer:
    def test_a_wrong_password(self):
        with pytest.raises(MailboxError, match="does not take the password of .*INBOX_URL"):
            with opened(mailboxes.server(password='é"wrong')):
                pass

    def test_no_such_folder(self):
        with pytest.raises(MailboxError, match="has no folder Nowhere.*INBOX_URL"):
            with opened(mailboxes.server(folder="Nowhere")):
                pass

    def test_another_port_than_that_of_tls(self):
        with pytest.raises(MailboxError, match="can't be reached .*speak imaps"):
            with opened(mailboxes.server(scheme="imaps")):
                pass

    def test_no_starttls(self):
        with pytest.raises(MailboxError, match="can't be reached"):
            with opened(mailboxes.server(scheme="imap+tls")):
                pass


class Refusing:
    """A client of a server that refuses the password, or every other command."""

    def __init__(self, has_plain, at=""):
        self._has_plain, self._at = has_plain, at

    def has_capability(self, name):
        return self._has_plain

    def plain_login(self, user, password):
        if not self._at:
            raise imaplib.IMAP4.error("[ALERT] Too many connections")

    def login(self, user, password):
        password.encode("ascii")

    def select_folder(self, folder):
        self._answer("SELECT")

    def search(self, criteria):
        self._answer("SEARCH")

    def _answer(self, command):
        if command == self._at:
            raise imaplib.IMAP4.error(f"{command}: BAD [b'Unknown']")

    def logout(self):
        pass


WAY_IN = {"host": "h", "port": 1, "username": "me", "password": "gehé", "folder": "INBOX"}


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (
            Refusing(True),
            r"password of me \(\[ALERT\] Too many connections\).*INBOX_URL",
        ),
        (Refusing(False), r"password of me \(ASCII only\).*INBOX_URL"),
        (Refusing(True, "SELECT"), "no folder INBOX .SELECT: BAD .*Unknown.*INBOX_URL"),
        (Refusing(True, "SEARCH"), "refused SEARCH: SEARCH: BAD .*Unknown.*INBOX_URL"),
    ],
)
def test_the_operator_is_told_what_the_server_says(monkeypatch, server, said):
    monkeypatch.setattr(mailbox_module, "_connect", lambda way_in: server)
    with pytest.raises(MailboxError, match=said) as raised:
        with opened(WAY_IN) as mailbox:
            mailbox.unseen()
    assert "é" not in str(raised.value)


def test_no_server_listens():
    nobody = {"host": "127.0.0.1", "port": smtp.free_port(), "scheme": "imap"}
    with pytest.raises(MailboxError, match="can't be reached.*ConnectionRefusedError.*runbook"):
        with opened(nobody):
            pass


PHOTO = b"/9j/" * 700_000  # of 2.8 MB, in lines of 76


def in_parts(*parts, kind="mixed", head=b"Subject: A\r\n"):
    """Return a mail of parts, each with its headers."""
    inner = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return b"%sContent-Type: multipart/%s; boundary=b\r\n\r\n%s--b--\r\n" % (
        head,
        kind.encode(),
        inner,
    )


def part(kind, body, *headers):
    lines = [f"Content-Type: {kind}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def photo():
    lines = b"\r\n".join(PHOTO[at : at + 76] for at in range(0, len(PHOTO), 76))
    return part(
        "image/jpeg; name=IMG_1.jpeg",
        lines,
        "Content-Disposition: inline; filename=IMG_1.jpeg",
        "Content-Transfer-Encoding: base64",
    )


class TestTexts:
    """What the twin has of a mail is what the server tells, and what is fetched from it."""

    def read(self, mailbox, raw):
        mailbox.deliver(raw)
        return incoming.read(mailbox.fetch(mailbox.unseen()[-1]))

    @pytest.fixture(autouse=True)
    def site(self, way_in):
        pass

    def test_words_below_a_photo(self, mailbox):
        """As Apple Mail sends them."""
        below = part("text/plain", b"Yes, you can have the house")
        mail = self.read(mailbox, in_parts(part("text/plain", b"Hello,"), photo(), below))
        assert mail.text == "Hello,\n\nYes, you can have the house"
        assert (mail.attachments, mail.trouble) == (["IMG_1.jpeg"], None)

    def test_a_photo_is_not_fetched(self, mailbox):
        mailbox.deliver(in_parts(part("text/plain", b"Hello,"), photo()))
        message = mailbox.fetch(mailbox.unseen()[0]).message
        is_fetched = bool(message.get_payload(1).get_payload())
        assert is_fetched == isinstance(mailbox, mailboxes.Memory)
        assert message.get_payload(1).get_filename() == "IMG_1.jpeg"

    def test_a_text_of_megabytes_is_said_to_be_too_large(self, mailbox):
        mail = self.read(mailbox, in_parts(part("text/plain", b"x" * 6_000_000)))
        assert (mail.text, mail.trouble) == ("", Trouble.PART)

    def test_the_large_one_of_two_alternatives(self, mailbox):
        """Pictures are in the HTML itself, and the plain text says it all."""
        html = part("text/html", b"<img src='data:x'>" * 400_000)
        raw = in_parts(part("text/plain", b"Yes."), html, kind="alternative")
        mail = self.read(mailbox, raw)
        assert (mail.text, mail.trouble) == ("Yes.", None)

    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            (b"Subject: A\r\n\r\nYes.", "Yes."),
            (b"\r\nYes.", "Yes."),
            (b"Content-Type: text/html\r\n\r\n<p>Yes.", "Yes."),
            (b'Content-Type: TEXT/PLAIN; CHARSET="gb2312"\r\n\r\n\xc4\xe3', "你"),
            (
                b"Content-Type: text/plain; charset*=us-ascii'en'utf-8\r\n\r\n" + "é".encode(),
                "é",
            ),
            (
                b"Content-Transfer-Encoding: base64\r\n\r\nWWVz\r\nLg==\r\nSSBh\r\nbS4=",
                "Yes.I am.",
            ),
            (b"Content-Transfer-Encoding: BASE64\r\n\r\n!WW Vz*\r\n\xffLg\r\n", "Yes."),
            (b"Content-Transfer-Encoding: quoted-printable\r\n\r\nYe=\r\ns=2E =zz", "Yes. =zz"),
            (
                in_parts(b"Content-Transfer-Encoding: base64\r\n\r\nWWVzLg=="),
                "Yes.",
            ),
            (b"Content-Transfer-Encoding: x-none\r\n\r\nYes.", "Yes."),
            (b"Content-Transfer-Encoding: quoted-printable \r\n\r\nYes=2E", "Yes."),
            (b"Content-Transfer-Encoding: (a) Quoted-Printable (b)\r\n\r\nYes=2E", "Yes."),
            (b'Content-Transfer-Encoding: "base64";\r\n\r\nWWVzLg==', "Yes."),
            (
                in_parts(
                    part("text/plain; charset=utf-8", b"\xe2\x80\x8b"),
                    part("text/html", b"Yes."),
                    kind="alternative",
                ),
                "Yes.",
            ),
            (b"Content-Type: text\r\n\r\nYes.", "Yes."),
            (b"Content-Type: text/markdown\r\n\r\n*Yes*", "*Yes*"),
            (
                b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\nYes,  \r\nyou \r\nr.",
                "Yes, your.",
            ),
            (b"Subject: A\nContent-Type: text/plain\n\nYes.\nBob\n", "Yes.\nBob"),
            (
                in_parts(part("text/plain", b"Yes."), part("text/plain", b"No."))[:-7],
                "Yes.\n\nNo.",
            ),
            (
                in_parts(
                    in_parts(
                        in_parts(part("text/plain", b"Yes."), kind="related", head=b"")[:-4],
                        part("text/html", b"No."),
                        kind="alternative",
                        head=b"",
                    )
                    .replace(b"=b\r", b"=c\r", 1)
                    .replace(b"--b", b"--c"),
                    part("application/pgp-signature", b"-"),
                    kind="signed",
                ),
                "Yes.",
            ),
        ],
        ids=range(20),
    )
    def test_each_form_of_a_text(self, mailbox, raw, text):
        mail = self.read(mailbox, raw)
        assert (mail.text, mail.trouble, mail.attachments) == (text, None, [])

    @pytest.mark.parametrize(
        ("raw", "trouble", "attachments"),
        [
            (
                in_parts(
                    part("application/pgp-encrypted", b"Version: 1"),
                    part("application/octet-stream; name=encrypted.asc", b"x"),
                    kind='encrypted; protocol="application/pgp-encrypted"',
                ),
                Trouble.SEALED,
                ["encrypted.asc"],
            ),
            (
                part("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b"x"),
                Trouble.SEALED,
                ["smime.p7m"],
            ),
            (
                b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQ\r\n-----END PGP MESSAGE-----\r\n",
                Trouble.SEALED,
                [],
            ),
            (
                in_parts(part("application/ms-tnef; name=winmail.dat", b"x")),
                Trouble.WINMAIL,
                ["winmail.dat"],
            ),
            (
                in_parts(part("text/calendar; method=REPLY", b"BEGIN:VCALENDAR")),
                Trouble.CALENDAR,
                ["text/calendar"],
            ),
            (
                in_parts(
                    part("text/plain", b"No.", "Content-Disposition: attachment; filename=n.txt"),
                    part("message/rfc822", b"Subject: B\r\n\r\nNo."),
                    part(
                        "image/gif",
                        b"x",
                        "Content-Disposition: attachment; filename*=utf-8''%C3%A9",
                    ),
                ),
                None,
                ["n.txt", "message/rfc822", "é"],
            ),
            (
                in_parts(part("audio/mpeg", b"x"), part("application/pdf", b"x")),
                None,
                ["audio/mpeg", "application/pdf"],
            ),
        ],
        ids=["PGP", "S/MIME", "PGP within", "TNEF", "calendar", "files", "without names"],
    )
    def test_what_has_no_words(self, mailbox, raw, trouble, attachments):
        mail = self.read(mailbox, raw)
        assert (mail.text, mail.trouble, mail.attachments) == ("", trouble, attachments)

    def test_a_signed_text_within(self, mailbox):
        raw = (
            b"\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n"
            b"Yes.\r\n- -- \r\nBob\r\n"
            b"-----BEGIN PGP SIGNATURE-----\r\n\r\niQ\r\n-----END PGP SIGNATURE-----\r\n"
        )
        assert self.read(mailbox, raw).text == "Yes."

    def test_nested_deeper_than_a_person_does(self, mailbox):
        raw = b"\r\nYes."
        for depth in range(150):
            raw = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%s\r\n--b%d--" % (
                (depth, depth, raw, depth)
            )
        mail = self.read(mailbox, raw)
        assert (mail.text, mail.sign) in [("Yes.", ""), ("", "")]


class Answering:
    """A client of a server with one mail, by what it answers to each item."""

    def __init__(self, **answers):
        self._answers = answers

    def fetch(self, uids, items):
        found = {}
        for item in items:
            name = item.replace("BODY.PEEK", "BODY").split("<")[0]
            value = self._answers.get(name)
            if isinstance(value, Exception):
                raise value
            if value is not None:
                found[name.encode()] = value
        return {7: found}


STRUCTURE = BodyData.create(
    ((b"text", b"plain", None, None, None, b"7bit", 4, 1), b"mixed", (b"boundary", b"b"), None)
)
OLD = datetime.now(timezone.utc) - timedelta(hours=2)
NEW = OLD + timedelta(hours=2)
NO = imaplib.IMAP4.error("FETCH failed: [CANNOT]")


@pytest.mark.usefixtures("way_in")
class TestAnswers:
    def read(self, **answers):
        header = {"BODY[HEADER]": b"Subject: A\r\nContent-Type: text/html\r\n\r\n"}
        return incoming.read(Mailbox(Answering(**header | answers)).fetch(7))

    @pytest.mark.parametrize(
        "structure",
        [
            STRUCTURE,
            # Extensions: MD5, disposition, language, location.
            BodyData.create(
                (
                    (b"TEXT", b"PLAIN", (b"CHARSET", b"utf-8"), b"<1>", b"x", b"7BIT", 4, 1)
                    + (None, (b"INLINE", None), None, None),
                    b"MIXED",
                    (b"BOUNDARY", b"b"),
                    None,
                    b"en",
                    None,
                )
            ),
            # Without an encoding; a multipart without parts (Microsoft 365).
            BodyData.create(
                (
                    (b"text", b"plain", (b"charset", b"utf-8"), None, None, None, 4, 1),
                    (b"ALTERNATIVE", (b"BOUNDARY", b"x"), None, None),
                    b"mixed",
                )
            ),
        ],
        ids=["short", "long", "odd"],
    )
    def test_trees(self, structure):
        mail = self.read(BODYSTRUCTURE=structure, **{"BODY[1]": b"Yes."})
        assert (mail.text, mail.trouble) == ("Yes.", None)

    @pytest.mark.parametrize(
        "structure",
        [
            None,
            (),
            (b"text",),
            (b"text", b"plain", None, None, None, b"7bit", b"many", 1),
            (b"text", 7, None, None, None, b"7bit", 4, 1),
            ProtocolError("Tuple incomplete"),
            RecursionError(),
        ],
        ids=repr,
    )
    def test_a_tree_that_is_none_is_read_as_a_whole(self, structure):
        whole = b"Subject: A\r\n\r\nYes."
        mail = self.read(BODYSTRUCTURE=structure, INTERNALDATE=NEW, **{"BODY[]": whole})
        assert (mail.text, mail.trouble) == ("Yes.", None)

    def test_of_a_whole_the_end_may_be_missing(self):
        whole = b"Subject: A\r\n\r\nYes." + b"x" * mailbox_module.WHOLE_BYTES
        mail = self.read(BODYSTRUCTURE=ProtocolError(), **{"BODY[]": whole})
        assert mail.trouble == Trouble.PART

    def test_a_part_that_is_refused_is_asked_for_again(self):
        with pytest.raises(MailboxError, match="refused FETCH"):
            self.read(BODYSTRUCTURE=STRUCTURE, INTERNALDATE=NEW, **{"BODY[1]": NO})

    @pytest.mark.parametrize("answer", [NO, None], ids=["refused", "none"])
    def test_a_part_that_can_not_be_had(self, answer):
        mail = self.read(BODYSTRUCTURE=STRUCTURE, INTERNALDATE=OLD, **{"BODY[1]": answer})
        assert (mail.text, mail.trouble) == ("", Trouble.PART)

    def test_a_server_that_breaks_off(self):
        with pytest.raises(imaplib.IMAP4.abort):
            self.read(BODYSTRUCTURE=STRUCTURE, **{"BODY[1]": imaplib.IMAP4.abort("gone")})
