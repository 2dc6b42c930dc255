"""Why a picture is refused, as a word that passes from process to process."""

from __future__ import annotations


class Refusal(Exception):
    """A picture can't be taken; ``kind`` says why, and ``numbers`` what goes into the words.

    The kinds are those of uploads.WORDS.
    """

    def __init__(self, kind: str, **numbers: int) -> None:
        super().__init__(kind, numbers)
        self.kind, self.numbers = kind, numbers
