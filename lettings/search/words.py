"""Words: split a visitor's text into words, and correct misspelt ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..places import without_accents

# Words that say nothing about a place. The index has them, but a search for "cottage in the
# woods" must not require "in" and "the". French "sur" is not among them, because of Big Sur.
COMMON = frozenset(
    "a an and are as at be by for from has in is it its of on or that the this to was with"
    " au aux avec d dans de des du en et l la le les par pour un une".split()
)
SHORTEST_TO_CORRECT = 4


def words_of(text: str) -> list[str]:
    """Return the words to look for: small letters without accents, common words only if alone.

    >>> words_of("A “Café” in the WOODS!"), words_of("the"), words_of("***")
    (['cafe', 'woods'], ['the'], [])
    """
    words = list(dict.fromkeys(re.findall(r"[^\W_]+", without_accents(text.lower()))))
    return [word for word in words if word not in COMMON] or words


def correctable(words: Iterable[str]) -> list[str]:
    """Return the words that are long enough to be recognised with a wrong letter."""
    return [word for word in words if len(word) >= SHORTEST_TO_CORRECT and word.isalpha()]


def edits_allowed(word: str) -> int:
    """Return how many typing errors a word of this length may have."""
    return 1 if len(word) < 6 else 2


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
