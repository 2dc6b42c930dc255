"""Extract a person's own words from an answer by mail, without the quoted mail.

Each mail that can be answered by mail begins with a marker line. It finds the quote again in the
answer of any program, in any language. Without it we could only guess: libraries that know the
first lines of quotes (mail-parser-reply was tried) miss French ones that are wrapped or have
no-break spaces, and take minutes for a few thousand blank lines. A guess is not enough, because
the quote holds the guest's private link to the thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# The marker line begins so in every language: mail/_reply_above_this_line.txt.
MARK = "##-"
# RFC 3676, 4.3: the line above a signature.
SIGNATURE = re.compile(r"--[ \u00a0]?")
# The headers that Outlook writes above a quote: "From: ...", in any language.
HEAD = re.compile(r"[*\s]*[^\W\d_][\w'’ -]{0,20}[\s\u00a0]?:")
DATE = re.compile(r"\d{4}|\d[./-]\d")
RULE = re.compile(r"\s*[-_]{5,}.*")


def written(text: str) -> str:
    """Return the text above the quoted mail, and below it if each quoted line begins with >."""
    lines = text.replace("\r\n", "\n").split("\n")
    at = next((number for number, line in enumerate(lines) if MARK in line), None)
    if at is None:
        return _without_signature(lines)
    is_quoted = _is_quoted(lines[at])
    above = _without_introduction(lines[:at], is_quoted)
    # If quoted lines have no >, all that follows is the quote.
    below = [line for line in lines[at:] if not _is_quoted(line)] if is_quoted else []
    parts = (_without_signature(above), _without_signature(below))
    return "\n\n".join(part for part in parts if part)


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _without_signature(lines: list[str]) -> str:
    """Return the text above the last line of a signature; an earlier one divides a person's words.

    So does one without its space and with a blank line below it.
    """
    lines = "\n".join(lines).strip().split("\n")
    ends = [
        number
        for number, line in enumerate(lines)
        if SIGNATURE.fullmatch(line) and (line != "--" or lines[number + 1 : number + 2] != [""])
    ]
    return "\n".join(line.rstrip() for line in lines[: ends[-1] if ends else None]).strip()


def _without_introduction(lines: list[str], is_quoted: bool) -> list[str]:
    """Return the lines without the "On Saturday you wrote:" between answer and quote."""
    kept = list(lines)
    _drop_the_end(kept, lambda line: _is_quoted(line) or not line.strip())
    # Apple Mail puts its introduction into the quote, so the lines here are a person's.
    if not any(_is_quoted(line) and line.rstrip().endswith(":") for line in lines[len(kept) :]):
        del kept[_introduction(kept, is_quoted) :]
    _drop_the_end(kept, lambda line: RULE.fullmatch(line) or not line.strip())
    return kept


def _drop_the_end(lines: list[str], drop: Callable[[str], object]) -> None:
    while lines and drop(lines[-1]):
        lines.pop()


def _introduction(lines: list[str], is_quoted: bool) -> int:
    """Return the first line of a program's introduction: two headers, or "... 2026 ... wrote:".

    A person's words may stand right above it. Above a quote without any > there may also be a
    warning that an organisation puts into each mail from outside: "CAUTION: ...".
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
    """Return the paragraphs, the last one first: the number of the first line, and the lines."""
    end = len(lines)
    while end:
        begin = end
        while begin and lines[begin - 1].strip() and not RULE.fullmatch(lines[begin - 1]):
            begin -= 1
        if begin < end:
            yield begin, lines[begin:end]
        end = min(begin, end - 1)


def _dated(paragraph: list[str]) -> int | None:
    """Return the line at which "... 2026 ... wrote:" begins, if the paragraph ends with it."""
    late = range(max(0, len(paragraph) - 4), len(paragraph))
    dated = [number for number in late if DATE.search(paragraph[number])]
    return dated[-1] if dated and paragraph[-1].rstrip().endswith(":") else None


def _heads(paragraph: list[str]) -> list[int]:
    """Return the header lines of a paragraph, after a person's lines."""
    heads = [number for number, line in enumerate(paragraph) if HEAD.match(line)]
    first = [number for number in heads if number == 0 or "@" in paragraph[number]][:1]
    return [number for number in heads if first and number >= first[0]]
