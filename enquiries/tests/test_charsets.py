"""Charsets by the labels of the Encoding Standard, and what mails have beside them."""

import pytest
import webencodings
from webencodings.labels import LABELS

from enquiries.by_mail.charsets import OTHERS, decoded, header_text

# https://encoding.spec.whatwg.org/#names-and-labels: a letter that tells the label's charset from
# the one that its name says.
KNOWN = [
    ("iso-8859-1", b"\x93Oui\x94 \x80", "“Oui” €"),
    ("latin1", b"\x85", "…"),
    ("us-ascii", b"\x92", "’"),
    ("windows-1252", b"\x80", "€"),
    ("iso-8859-9", b"\x80\xfe", "€ş"),
    ("iso-8859-11", b"\x80\xa1", "€ก"),
    ("tis-620", b"\xa1", "ก"),
    ("gb2312", b"\x98\xf2\xa8\xbf", "橋ǹ"),
    ("gbk", b"\x95\x32\x82\x36", "𠀀"),
    ("GB_2312-80", b"\xc4\xe3", "你"),
    ("sjis", b"\x87\x40\xfb\xfc", "①髙"),
    ("shift_jis", b"\x81\x60", "～"),
    ("x-sjis", b"\xb1", "ｱ"),
    ("iso-2022-jp", b"\x1b$BF|K\\\x1b(B.", "日本."),
    ("csiso2022jp", b"\x1b$B-!|b\x1b(B\x1b(I1\x1b(Ja", "①髙ｱa"),
    ("euc-jp", b"\xc6\xfc\xcb\xdc", "日本"),
    # NEC's row, half width, and JIS X 0212, beside each other.
    ("euc-jp", b"a\xad\xa1\x8e\xb1\x8f\xb0\xa1\xc6\xfc", "a①ｱ丂日"),
    ("eucJP-ms", b"\xad\xa1", "①"),
    ("cp932", b"\x87\x40", "①"),
    ("MS949", b"\x81\x41", "갂"),
    ("cp936", b"\xc4\xe3", "你"),
    ("latin-1", b"\x80", "€"),
    ("ISO8859_15", b"\xa4", "€"),
    ("utf_8", "é".encode(), "é"),
    ("ANSI", b"\x80", "€"),
    ("ks_c_5601-1987", b"\xb0\xa1\x81\x41", "가갂"),
    ("euc-kr", b"\x81\x41", "갂"),
    ("big5", b"\xa7A\x88\x62", "你Ê̄"),
    ("koi8-r", b"\xd0\xd2", "пр"),
    ("iso-8859-8-i", b"\xf9", "ש"),
    ("macintosh", b"\x8e", "é"),
    ("utf-16", "é".encode("utf-16-le"), "é"),
    ("unicode", "é".encode("utf-16-le"), "é"),
    ("UTF8", "é".encode(), "é"),
    (" 'Utf-8' ", "é".encode(), "é"),
    # Of mails alone.
    ("utf-7", b"D+AOk-j+AOA-", "Déjà"),
    ("unicode-1-1-utf-7", b"2 +- 2", "2 + 2"),
    ("hz-gb-2312", b"~{Dc~}", "你"),
    ("iso-2022-kr", b"\x1b$)C\x0e0!\x0f.", "가."),
    ("cp850", b"\x82", "é"),
    ("ibm437", b"\x9b", "¢"),
    ("utf-32", "é".encode("utf-32"), "é"),
    # Nothing is said: what is not ASCII is UTF-8 or windows-1252.
    ("", "é €".encode(), "é €"),
    ("", b"\xe9 \x80", "é €"),
    ("us-ascii", "é".encode(), "é"),
    ("unknown-8bit", b"\xe9", "é"),
    # A byte order mark says it better than the label.
    ("iso-8859-1", b"\xef\xbb\xbf\xc3\xa9", "é"),
    ("utf-8", b"\xef\xbb\xbfYes", "Yes"),
    ("utf-8", "\ufeffé".encode("utf-16"), "é"),
    ("utf-8", b"\0Yes\0", "Yes"),
]


@pytest.mark.parametrize(("label", "raw", "text"), KNOWN, ids=repr)
def test_a_known_charset(label, raw, text):
    assert decoded(raw, label) == (text, True)


@pytest.mark.parametrize(
    ("label", "raw", "text"),
    [
        ("utf-8", "Déjà ".encode() + b"\xff libre", "Déjà \ufffd libre"),
        ("utf-8", b"D\xe9j\xe0", "D\ufffdj\ufffd"),
        ("", "Déjà ".encode() + b"\xff libre", "Déjà \ufffd libre"),
        ("us-ascii", "Déjà ".encode() + b"\xff", "Déjà \ufffd"),
        ("gb2312", b"\xc4\xe3 \xff.", "你 \ufffd."),
        ("shift_jis", b"\x93\xfa\x85", "日\ufffd"),
        ("euc-jp", b"\xc6\xfc\xff\xa1a", "日\ufffd\ufffda"),
        ("windows-1252", b"a\x81b", "a\ufffdb"),
        ("utf-7", b"+AOk- +!", "é \ufffd"),
        ("nonsense", b"D\xe9j\xe0", "Déjà"),
        ("iso-2022-cn", b"\x1b$)A\xe9", "\x1b$)Aé"),
        ("x-user-defined", b"\xe9", "é"),
    ],
    ids=repr,
)
def test_what_the_charset_has_not_is_said(label, raw, text):
    """One bad byte is one bad letter, whatever the charset."""
    assert decoded(raw, label) == (text, False)


@pytest.mark.parametrize("label", ["nonsense", "punycode", "idna", "unicode_escape", "rot13"])
def test_a_label_of_no_charset_of_mails(label):
    assert decoded("Déjà \\u0041".encode(), label) == ("Déjà \\u0041", True)


def test_every_label_of_the_standard_and_every_byte():
    every_byte = bytes(range(256)) * 2
    for label in (*LABELS, *OTHERS):
        text, _ = decoded(b"Yes, " + every_byte, label)
        text.encode()
        assert "\0" not in text, label
        assert "Yes, " in text or webencodings.lookup(label).name.startswith("utf-16"), label


def test_no_bytes_take_long_or_raise():
    for label in (*set(LABELS.values()), *OTHERS, "", "nonsense"):
        for unit in (b"\xff", b"\x1b$B", b"\x1b(I", b"+", b"~{", b"\x0e\x80", b"=?"):
            decoded(unit * 5000, label)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?R=C3=A9ponse?= automatique", "Réponse automatique"),
        ("=?iso-8859-1?Q?R=E9ponse_=80?=", "Réponse €"),
        ("=?utf-8?b?UsOp?=\r\n =?utf-8?b?cG9uc2U=?=", "Réponse"),
        ("=?gb2312?b?xOM=?=", "你"),
        ("=?nonsense?q?=E9?=", "é"),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("plain", "plain"),
        (b"R\xc3\xa9 \x80".decode("ascii", "surrogateescape"), "Ré \ufffd"),
        ("a\ud800b\x1b=?utf-8?q?=00=07?=", "a\ufffdb"),
        ("=?utf-8?q?a=00=07b?=", "a b"),
        ("l’été =?utf-8?q?=C3=A9?= \\u12 \\", "l’été é \ufffd \\"),
        ("", ""),
    ],
)
def test_the_words_of_a_header(raw, text):
    assert header_text(raw) == text
