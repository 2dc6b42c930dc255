"""Texts are visible, and turn nothing around them."""

import pytest

from core.text.shown import is_visible, lines, one_line

# https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt
BIDI_CONTROLS = {
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
}
MARKS_OF_A_DIRECTION = {"\u061c", "\u200e", "\u200f"}
INVISIBLE = [
    *" \t\n\v\f\r\x00\x1f\x7f\x85\xa0\xad\u034f\u0301\u20dd\u061c\u115f\u1160\u1680\u17b4\u180e",
    *map(chr, [*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2070)]),
    *"\u2800\u3000\u3164\ufe0f\ufeff\uffa0\ufff9\U0001d159\U0001d173\U000e0041\U000e0100\ue000",
]


@pytest.mark.parametrize("sign", INVISIBLE, ids=ascii)
def test_what_is_not_visible_is_no_text(sign):
    assert not is_visible(sign * 3)
    assert one_line(f"{sign} {sign}") == lines(f"{sign}\n{sign}") == ""


@pytest.mark.parametrize("text", ["a", "1", "!", "🏡", "é", "e\u0301", "हि", "東", "\u200fא", "·"])
def test_what_is_visible_stays(text):
    assert is_visible(text)
    assert one_line(text) == lines(text) == text


@pytest.mark.parametrize("control", sorted(BIDI_CONTROLS - MARKS_OF_A_DIRECTION), ids=ascii)
def test_nothing_turns_the_direction_of_what_follows(control):
    assert one_line(f"a{control}b") == "a b"
    assert lines(f"a{control}b") == "ab"


@pytest.mark.parametrize("mark", sorted(MARKS_OF_A_DIRECTION), ids=ascii)
def test_marks_of_a_direction_stay(mark):
    assert one_line(f"א{mark}!") == lines(f"א{mark}!") == f"א{mark}!"


def test_a_letter_has_no_more_marks_than_any_language_writes():
    flood = "".join(map(chr, range(0x300, 0x360))) * 3
    assert len(one_line(f"Z{flood}o")) == len(lines(f"Z{flood}o")) == 6
    for word in ("Việt", "V\u0323\u0302iệt", "שָׁלּ\u05bcֹום", "རྒྱུད"):
        assert one_line(word) == word
