"""Why a picture is refused: a word that the child process can send to its parent."""

from __future__ import annotations


class Refusal(Exception):
    """A picture is not acceptable. ``kind`` says why; ``numbers`` fill in the message.

    The kinds are those of uploads.WORDS.
    """

    def __init__(self, kind: str, **numbers: int | str) -> None:
        super().__init__(kind, numbers)
        self.kind, self.numbers = kind, numbers
