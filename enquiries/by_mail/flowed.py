"""Join the lines of format=flowed, in which a program broke paragraphs at 78 characters.

https://www.rfc-editor.org/rfc/rfc3676#section-4
"""

from __future__ import annotations

import re

SIGNATURE = "-- "
QUOTED = re.compile(r"(>*)(.*)", re.DOTALL)


def joined(text: str, *, delsp: bool) -> str:
    """Return the paragraphs as a line each; quoted ones begin with ``>``.

    ``delsp``: the space before a soft line break is none of the text's (languages without spaces).
    """
    done: list[tuple[str, list[str]]] = []
    open_at: str | None = None
    for line in text.split("\n"):
        depth, words = QUOTED.fullmatch(line).groups()
        words = words.removeprefix(" ")  # space-stuffed
        is_signature = words == SIGNATURE
        is_flowed = words.endswith(" ") and not is_signature
        # An empty line ends a paragraph, and stays one: a space before it was left by chance.
        if open_at != depth or not words or is_signature:
            done.append((depth, []))
        done[-1][1].append(words[:-1] if is_flowed and delsp else words)
        open_at = depth if is_flowed else None
    paragraphs = ((depth, "".join(words)) for depth, words in done)
    return "\n".join(f"{depth} {words}" if depth else words for depth, words in paragraphs)
