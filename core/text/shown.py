"""How texts must look: with a visible character, without controls, in the order of their letters.

Forms, the API, the admin and mails clean texts by ``one_line`` and ``lines``; templates isolate
them by ``dir="auto"`` and ``<bdi>``:
https://www.w3.org/International/questions/qa-bidi-unicode-controls
"""

from __future__ import annotations

import regex

# Line and paragraph separator, which few programs treat as line breaks.
ENDS_OF_LINES = r"\u2028\u2029\v\f\x85"
# What nobody types: control characters, halves of UTF-16 (https://www.unicode.org/reports/tr44/),
# and what turns the direction of a text, also of the page after it. The marks LRM, RLM and ALM
# stay: those who write Arabic or Hebrew need them, and they end nowhere but in their own text.
# https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
NEVER_TYPED = r"\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069"
# More marks on one letter than any language writes cover the lines above and below:
# https://www.unicode.org/reports/tr39/#Optional_Detection
MOST_MARKS = 4

_IN_A_LINE = regex.compile(rf"[{NEVER_TYPED}{ENDS_OF_LINES}]")
_IN_LINES = regex.compile(rf"(?V1)[[{NEVER_TYPED}]--[\n\t]]")
_END_OF_LINE = regex.compile(rf"\r\n?|[{ENDS_OF_LINES}]")
_TOO_MANY_MARKS = regex.compile(rf"([\p{{Mn}}\p{{Me}}]{{{MOST_MARKS}}})[\p{{Mn}}\p{{Me}}]+")
# Not so the blank of Braille and a musical note without a head, which are symbols and empty.
_VISIBLE = regex.compile(
    r"(?V1)[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800\U0001d159]"
)


# Letters, digits and marks of the scripts that are written from right to left:
# https://www.unicode.org/reports/tr9/#Bidirectional_Character_Types
_FROM_THE_RIGHT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}]")


def is_from_the_right(text: str) -> bool:
    """Return whether anything of a text is written from right to left."""
    return _FROM_THE_RIGHT.search(text) is not None


def isolated(text: object) -> str:
    """Return a text for a sentence, in which it turns nothing around it, where there is no HTML.

    >>> isolated("Tipi"), isolated("\u05d0") == "\u2068\u05d0\u2069"
    ('Tipi', True)
    """
    text = str(text)
    return f"\u2068{text}\u2069" if is_from_the_right(text) else text


def is_visible(text: str) -> bool:
    """Return whether anything of a text is seen: no spaces, fillers, joiners or marks alone.

    >>> is_visible("a"), is_visible("\\u200b \\u3164\\u2800"), is_visible("🏡")
    (True, False, True)
    """
    return _VISIBLE.search(text) is not None


def one_line(text: str) -> str:
    """Return a text as ``<input type=text>`` has it: no line breaks, no control characters.

    https://html.spec.whatwg.org/multipage/input.html#value-sanitization-algorithm
    "" if nothing of it is visible.

    >>> one_line("a\\r\\nb\\x01c"), one_line("\\u202egnp.exe"), one_line("\\u3164")
    ('a b c', 'gnp.exe', '')
    """
    if _IN_A_LINE.search(text):
        text = regex.sub(" {2,}", " ", _IN_A_LINE.sub(" ", text)).strip()
    return _with_few_marks(text) if is_visible(text) else ""


def lines(text: str) -> str:
    """Return a text of several lines with Python's line breaks, without other control characters.

    "" if nothing of it is visible.

    >>> lines("a\\r\\nb\\x01\\tc\\fd")
    'a\\nb\\tc\\nd'
    """
    text = _IN_LINES.sub("", _END_OF_LINE.sub("\n", text)).strip()
    return _with_few_marks(text) if is_visible(text) else ""


def _with_few_marks(text: str) -> str:
    return _TOO_MANY_MARKS.sub(r"\1", text)
