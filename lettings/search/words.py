"""Words: those that the index has of a text, those to look for, and how misspelt ones are meant.

Texts are in the form in which they are compared. A word of parts ("Wi-Fi", "l'île", "D.C.", "2BR")
is known by its parts and as a whole, so that it is found however it is written.
"""

from __future__ import annotations

from collections.abc import Iterable

import regex

from core.text.compared import compared

# Words that say nothing about a place. The index has them, but a search for "cottage in the
# woods" must not require "in" and "the". French "sur" is not among them, because of Big Sur.
COMMON = frozenset(
    "a an and are as at be by for from has in is it its of on or that the this to was with"
    " au aux avec d dans de des du en et l la le les par pour un une".split()
)
SHORTEST_TO_CORRECT = 4
# No language has longer words, and PostgreSQL indexes none of more than 2,046 bytes.
LONGEST = 64

LETTERS = r"\p{L}\p{M}\p{N}"
ABBREVIATED = regex.compile(rf"(?<![{LETTERS}])\p{{L}}(?:\.\p{{L}})+(?![{LETTERS}])")
# 3½ is 3 and 1/2, and not 31/2, as compatible texts are.
BEFORE_FRACTION = regex.compile(r"(?<=\p{Nd})(?=[\u00bc-\u00be\u2150-\u215f])")
WORD = regex.compile(rf"[{LETTERS}]+(?:['-][{LETTERS}]+)*")
PART = regex.compile(r"\p{N}+|[\p{L}\p{M}]+")


def whole_words(text: str) -> list[str]:
    """Return the words of a text, those of parts with a hyphen between them.

    >>> whole_words("A Wi-Fi in l’Île, D.C., 2BR")
    ['a', 'wi-fi', 'in', 'l-ile', 'd-c', '2-br']
    """
    text = BEFORE_FRACTION.sub(" ", text)
    text = ABBREVIATED.sub(lambda found: found[0].replace(".", "-"), compared(text))
    return ["-".join(PART.findall(word)) for word in WORD.findall(text)]


def indexed(text: str) -> str:
    """Return all words that the index has of a text, with spaces between them.

    >>> indexed("A Wi-Fi, D.C.")
    'a wi fi wifi d c dc'
    """
    found = []
    for word in whole_words(text):
        parts = word.split("-")
        found += [*parts, "".join(parts)] if len(parts) > 1 else parts
    return " ".join(word[:LONGEST] for word in found)


def words_of(text: str) -> list[str]:
    """Return the words to look for, common ones only if there are no others.

    >>> words_of("A “Café” in the WOODS!"), words_of("the"), words_of("***")
    (['cafe', 'woods'], ['the'], [])
    """
    words = list(dict.fromkeys(whole_words(text)))
    return [word for word in words if word not in COMMON] or words


def spellings(word: str) -> tuple[list[str], str]:
    """Return the parts of a word that all must occur, and the whole that may occur instead.

    >>> spellings("wi-fi"), spellings("l-ile"), spellings("d-c")
    ((['wi', 'fi'], 'wifi'), (['ile'], 'lile'), (['d', 'c'], 'dc'))
    """
    parts = word.split("-")
    telling = [part for part in parts if part not in COMMON]
    # No letter of an abbreviation is a common word.
    if any(part.isnumeric() for part in parts) or all(len(part) == 1 for part in parts):
        telling = parts
    return [part[:LONGEST] for part in telling or parts], "".join(parts)[:LONGEST]


def correctable(words: Iterable[str]) -> list[str]:
    """Return the words that are long enough to be recognised with a wrong letter."""
    return [word for word in words if len(word) >= SHORTEST_TO_CORRECT and word.isalpha()]


def edits_allowed(word: str) -> int:
    """Return how many typing errors a word of this length may have.

    https://www.algolia.com/doc/guides/managing-results/optimize-search-results/typo-tolerance/
    """
    return 1 if len(word) < 8 else 2


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None if no word is near enough.

    >>> nearest("cotage", ["college", "cottage"]), nearest("zzzzzz", ["cottage"])
    ('cottage', None)
    """
    allowed = edits_allowed(word)
    ranked = sorted((edits(word, other), other) for other in known)
    return ranked[0][1] if ranked and ranked[0][0] <= allowed else None


def edits(one: str, other: str) -> int:
    """Return the edit distance: the number of letters added, missing, wrong, or swapped in pairs.

    https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance (optimal string alignment)

    >>> edits("gerogia", "georgia"), edits("silo", "sillo"), edits("hut", "hat")
    (1, 1, 1)
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        current = [row]
        for column, right in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]
