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
    done: list[tuple[str, str]] = []
    open_at: str | None = None
    for line in text.split("\n"):
        depth, words = QUOTED.fullmatch(line).groups()
        words = words.removeprefix(" ")  # space-stuffed
        is_signature = words == SIGNATURE
        if open_at == depth and not is_signature:
            done[-1] = (depth, done[-1][1] + words)
        else:
            done.append((depth, words))
        is_flowed = words.endswith(" ") and not is_signature
        open_at = depth if is_flowed else None
        if is_flowed and delsp:
            done[-1] = (depth, done[-1][1][:-1])
    return "\n".join(f"{depth} {words}" if depth else words for depth, words in done)
