"""Takes what a person wrote out of an answer by mail, without the mail that it quotes.

Each mail of ours that is answered by mail begins with a line that says so, and by which its quote
is found again, whatever program and language it was answered in. Without it there would only be
guesses: libraries that know the first lines of quotes (mail-parser-reply was tried) miss French
ones that are wrapped or have no-break spaces, and take minutes for a few thousand blank lines.
A guess is not enough here, since the quote holds the guest's own link to the thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

# Every language's line begins so: templates/enquiries/mail/_reply_above_this_line.txt.
MARK = "##-"
# RFC 3676, 4.3: what a person has below each of their mails.
SIGNATURE = re.compile(r"--[ \u00a0]?")
# The heads that Outlook writes above a quote: "From: ...", in any language.
HEAD = re.compile(r"[*\s]*[^\W\d_][\w'’ -]{0,20}[\s\u00a0]?:")
DATE = re.compile(r"\d{4}|\d[./-]\d")
RULE = re.compile(r"\s*[-_]{5,}.*")
TAG = re.compile(r"(<[^<>]*>)")
BLOCKS = frozenset("address blockquote br div dd dt h1 h2 h3 h4 hr li p pre table tr".split())
SILENT = frozenset({"head", "script", "style", "title"})


def written(text: str) -> str:
    """Return what stands above the quoted mail, and below it where each quoted line has a >."""
    lines = text.replace("\r\n", "\n").split("\n")
    at = next((number for number, line in enumerate(lines) if MARK in line), None)
    if at is None:
        return _without_signature(lines)
    is_quoted = _is_quoted(lines[at])
    above = _without_introduction(lines[:at], is_quoted)
    # Without a > before them, all that follows is the quote.
    below = [line for line in lines[at:] if not _is_quoted(line)] if is_quoted else []
    parts = (_without_signature(above), _without_signature(below))
    return "\n\n".join(part for part in parts if part)


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _without_signature(lines: list[str]) -> str:
    end = next((n for n, line in enumerate(lines) if SIGNATURE.fullmatch(line)), len(lines))
    return "\n".join(line.rstrip() for line in lines[:end]).strip()


def _without_introduction(lines: list[str], is_quoted: bool) -> list[str]:
    """Take away the "On Saturday you wrote:" that a program put between answer and quote."""
    kept = list(lines)
    _drop_the_end(kept, lambda line: _is_quoted(line) or not line.strip())
    # Apple Mail's introduction stands in the quote: what ends here is a person's.
    if not any(_is_quoted(line) and line.rstrip().endswith(":") for line in lines[len(kept) :]):
        del kept[_introduction(kept, is_quoted) :]
    _drop_the_end(kept, lambda line: RULE.fullmatch(line) or not line.strip())
    return kept


def _drop_the_end(lines: list[str], drop: Callable[[str], object]) -> None:
    while lines and drop(lines[-1]):
        lines.pop()


def _introduction(lines: list[str], is_quoted: bool) -> int:
    """Return the line where a program's words begin: two headers, or "... 2026 ... wrote:".

    Those of a person may stand right above. Above a quote without any > there may also be what
    an organisation puts into each mail from outside: "CAUTION: ...".
    """
    for begin, paragraph in _paragraphs_upwards(lines):
        is_last = begin + len(paragraph) == len(lines)
        dated = _dated(paragraph) if is_last else None
        if is_quoted and dated is not None:
            return begin + dated
        heads = _heads(paragraph)
        is_sure = is_last and (not is_quoted or begin and RULE.fullmatch(lines[begin - 1]))
        if len(heads) > 1 if is_sure else len(heads) > 2 and "@" in "".join(paragraph):
            return begin + heads[0]
        if dated is not None:
            return begin + dated
        if is_quoted:
            break
    return len(lines)


def _paragraphs_upwards(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Return the number of each paragraph's first line, and its lines; the last one first."""
    end = len(lines)
    while end:
        begin = end
        while begin and lines[begin - 1].strip() and not RULE.fullmatch(lines[begin - 1]):
            begin -= 1
        if begin < end:
            yield begin, lines[begin:end]
        end = min(begin, end - 1)


def _dated(paragraph: list[str]) -> int | None:
    """Return the line where "... 2026 ... wrote:" begins, if a paragraph ends so."""
    late = range(max(0, len(paragraph) - 4), len(paragraph))
    dated = [number for number in late if DATE.search(paragraph[number])]
    return dated[-1] if dated and paragraph[-1].rstrip().endswith(":") else None


def _heads(paragraph: list[str]) -> list[int]:
    """Return the lines that are heads, from the first on that is not a person's."""
    heads = [number for number, line in enumerate(paragraph) if HEAD.match(line)]
    first = [number for number in heads if number == 0 or "@" in paragraph[number]][:1]
    return [number for number in heads if first and number >= first[0]]


def from_html(html: str) -> str:
    """Return the words of a mail that has no text but HTML: a line for each block.

    Those of a quote stand behind a >. Tags are split off and no more: html.parser needs 15 seconds
    for 20 kB of "<a " (Python 3.13.0), and anybody may send that.
    """
    lines = [""]
    quotes = silent = 0
    for piece in TAG.split(html):
        if not piece.startswith("<"):
            words = "" if silent else re.sub(r"[ \t\r\n]+", " ", unescape(piece))
            begin = "> " if quotes and not lines[-1] else ""
            lines[-1] += begin + words.lstrip(" ") if not lines[-1] and words.strip() else words
            continue
        name, step = _tag(piece)
        if name in SILENT:
            silent = max(0, silent + step)
        elif name in BLOCKS:
            if lines[-1].strip() or name == "br":
                lines.append("")
            if name in {"p", "hr"} and lines[-2:] != ["", ""]:
                lines.append("")
            quotes = max(0, quotes + step) if name == "blockquote" else quotes
    return "\n".join(lines)


def _tag(piece: str) -> tuple[str, int]:
    """Return the name of a tag, and whether it opens something (1) or closes it (-1)."""
    words = piece.strip("<>/ \r\n\t").lower().split(maxsplit=1)
    return words[0] if words else "", -1 if piece.startswith("</") else 1
