"""Texts that people take for the same have one compared form. Tables are Unicode's."""

import unicodedata

import pytest

from core.text.compared import compared

# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt
DEFAULT_IGNORABLE = [
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810)),
    *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164),
    *(*range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0, *range(0xFFF0, 0xFFF9)),
    *(*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), 0xE0000, 0xE0001, 0xE0020, 0xE01EF),
]
# Latin, Greek, Cyrillic, and what stands for them: phonetic, full width, ligatures, letterlike.
BLOCKS = [(0, 0x530), (0x1D00, 0x2000), (0x2070, 0x2190), (0xA640, 0xA800), (0xFB00, 0xFB07)]
BLOCKS += [(0xFF00, 0xFFEF)]
CHARACTERS = [chr(code) for first, end in BLOCKS for code in range(first, end)]
FORMS = ("NFC", "NFD", "NFKC", "NFKD")


def different(pairs):
    """Return the pairs without one compared form for both; [] is right."""
    return [
        (a, b, compared(a), compared(b))
        for a, b in pairs
        if compared(f"a{a}") != compared(f"a{b}")
    ]


@pytest.mark.parametrize("form", FORMS)
def test_normal_forms_are_alike(form):
    """As in https://www.unicode.org/Public/UCD/latest/ucd/NormalizationTest.txt"""
    # An accent alone is typed for an apostrophe, which its parts, a space and a mark, are not.
    whole = [c for c in CHARACTERS if unicodedata.normalize("NFKD", c)[0] != " "]
    assert different((c, unicodedata.normalize(form, c)) for c in whole) == []


@pytest.mark.parametrize("turned", [str.upper, str.lower, str.title, str.casefold])
def test_capitals_and_small_letters_are_alike(turned):
    """As in https://www.unicode.org/Public/UCD/latest/ucd/CaseFolding.txt"""
    assert different((c, turned(c)) for c in CHARACTERS) == []


def test_what_is_ignorable_is_ignored():
    assert [hex(c) for c in DEFAULT_IGNORABLE if compared(f"a{chr(c)}b") != "ab"] == []


def test_the_form_is_its_own_form():
    every = map(chr, [*range(0xD800), *range(0xE000, 0x110000)][::61])
    assert [c for c in [*every, *CHARACTERS] if compared(compared(c)) != compared(c)] == []


def test_a_letter_does_not_change_its_neighbours():
    text = "".join(CHARACTERS[::7])
    assert compared(text).replace(" ", "") == compared(
        "".join(unicodedata.normalize("NFD", c) for c in CHARACTERS[::7])
    ).replace(" ", "")


@pytest.mark.parametrize(
    "text, form",
    [
        # https://github.com/unicode-org/cldr/blob/main/common/transforms/Latin-ASCII.xml
        *zip("æœøłđðħıĸŋŧƀɓɖɛɨʂǥⱥꜳꝏǆ", "ae oe o l d d h i q n t b b d e i s g a aa oo dz".split()),
        *[("þ", "th"), ("ß", "ss"), ("ẞ", "ss"), ("ŉ", "'n"), ("ſ", "s"), ("İ", "i"), ("ﬁ", "fi")],
        *[("Łódź", "lodz"), ("Cañon City", "canon city"), ("Åsa", "asa"), ("Ærø", "aero")],
        *[("ＡirWow", "airwow"), ("Ⅳ", "iv"), ("№", "no"), ("²", "2"), ("①", "1"), ("℃", "°c")],
        # digits of every script by their value
        *[("١٢٣", "123"), ("१२३", "123"), ("１２３", "123"), ("𝟙𝟚𝟛", "123")],
        # optional marks go; Greek and Cyrillic lose accents as Latin does
        *[("Ὀδυσσεύς", "οδυσσευσ"), ("ёлка", "елка"), ("עִבְרִית", "עברית"), ("عَرَبِيّ", "عربي")],
        # marks that are letters stay
        *[(word, word) for word in "हिन्दी বাংলা தமிழ் ไทยที่ ខ្មែរ မြန်မာ བོད་ සිංහල が".split()],
        *[("한국어", "한국어"), ("한", "한"), ("か\u3099", "が"), ("ｶﾞ", "ガ")],
        *[("  a \u00a0\u3000\tb\n", "a b"), ("", ""), ("\u200b", "")],
        *[(f"a{sign}b", "a-b") for sign in "-‐‑‒–—−﹣－"],
        *[(f"a{sign}b", "a'b") for sign in "'’‘‛′`´ʼʻʹ＇՚׳ꞌ"],
    ],
)
def test_a_text(text, form):
    assert compared(text) == form


@pytest.mark.parametrize("pair", ["है हे", "ที่ ทิ่", "は ば", "か が", "한 학"])
def test_words_that_differ_by_a_letter_stay_apart(pair):
    one, other = map(compared, pair.split())
    assert one != other
