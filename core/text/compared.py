"""The form in which texts are compared: search, places, user names, and every order by name.

Two texts are the same if their forms are equal. The database stores the form where a filter or
an order needs it, so that SQLite and PostgreSQL agree, which fold letters differently.

In this order:

1. Unicode's caseless match of compatible texts (D146), which has no default-ignorable character:
   https://www.unicode.org/versions/latest/core-spec/chapter-3/#G53513
2. no accents: nonspacing marks of Latin, Greek, Cyrillic, Hebrew and Arabic letters, which have
   no primary weight in https://www.unicode.org/reports/tr10/. Other scripts' marks are letters.
3. Latin letters that no mark makes (œ ø ł ı þ), as CLDR's Latin-ASCII writes them:
   https://github.com/unicode-org/cldr/blob/main/common/transforms/Latin-ASCII.xml
4. one hyphen, one apostrophe, digits by their value, and one space for any number of them.
"""

from __future__ import annotations

from unicodedata import decimal, name, normalize

import regex

IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
# U+3099 and U+309A turn one letter of Japanese into another.
ACCENT = regex.compile(
    r"(?V1)[[\p{Mn}&&[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}"
    r"\p{Script=Hebrew}\p{Script=Arabic}]]\p{Me}--[\u3099\u309A]]+"
)
DASH = regex.compile(r"\p{Dash}")
# What is typed for an apostrophe, or looks like one: "' U+0027" in
# https://www.unicode.org/Public/security/latest/confusables.txt
APOSTROPHES = dict.fromkeys(
    map(
        ord,
        "`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02c8\u02ca\u02cb\u0374\u0384\u055a\u055d\u05f3"
        "\u07f4\u07f5\u1fbd\u1fbf\u1fef\u1ffd\u1ffe\u2018\u2019\u201b\u2032\u2035\ua78c\uff07",
    ),
    "'",
)
LATIN = regex.compile(r"(?V1)[\p{Script=Latin}--[a-z]]")
# "LATIN SMALL LETTER O WITH STROKE", "LATIN SMALL LIGATURE OE", "LATIN SMALL LETTER DOTLESS I"
NAME = regex.compile(
    r"LATIN SMALL (?:LETTER|LIGATURE) (?:DOTLESS |OPEN )?([A-Z]{1,2})(?: WITH .+)?"
)
NAMED = {"þ": "th", "ð": "d", "ŋ": "n", "ĸ": "q"}
OTHER_DIGIT = regex.compile(r"(?V1)[\p{Nd}--[0-9]]")


# More letters than the texts of a site have; nobody can fill the memory with all of Unicode's.
MOST_KEPT = 20_000


class _Letters(dict):
    """The form of each letter, by its code point, as ``str.translate`` asks for it."""

    def __missing__(self, code: int) -> str:
        found = _form(normalize("NFD", chr(code)).translate(APOSTROPHES))
        if len(self) < MOST_KEPT:
            self[code] = found
        return found


LETTERS = _Letters()


def compared(text: str) -> str:
    """Return the form in which a text is compared.

    >>> compared("Ｓœurs  de Łódź"), compared("Straße"), compared("हिन्दी"), compared("Élise")
    ('soeurs de lodz', 'strasse', 'हिन्दी', 'elise')
    >>> compared("Coeur d’Alene") == compared("CŒUR D'ALENE"), compared("Wi‑Fi")
    (True, 'wi-fi')
    """
    return " ".join(normalize("NFC", text.translate(LETTERS)).split())


def _form(letter: str) -> str:
    letter = normalize("NFKD", normalize("NFKD", letter.casefold()).casefold())
    letter = ACCENT.sub("", IGNORABLE.sub("", letter).translate(APOSTROPHES))
    letter = LATIN.sub(lambda found: _spelt(found[0]), letter)
    letter = OTHER_DIGIT.sub(lambda found: str(decimal(found[0], found[0])), letter)
    return normalize("NFC", DASH.sub("-", letter))


def _spelt(letter: str) -> str:
    """Return a Latin letter in letters from a to z, or unchanged if it is none of theirs."""
    found = NAME.fullmatch(name(letter, ""))
    return NAMED.get(letter) or (found[1].lower() if found else letter)
