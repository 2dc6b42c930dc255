"""Turn a mail's HTML into lines of text; quoted lines begin with ``>``.

The tree is that of the HTML standard, by justhtml: pure Python, so that no bytes of a stranger's
crash the process, and without work that grows with the square of the mail. html5lib and tinyhtml5
take minutes for 100,000 nested tags, lxml and selectolax 10 s for as many attributes. html2text
and inscriptis know no quotes of mail programs, and write tables and escapes that no person typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from justhtml import Element, JustHTML, Node, Text

from . import html_marks

# A mail of 4000 characters with its quotes, as Word writes it, is a tenth of that.
LONGEST = 200_000
# Pictures in the text itself, which are most of such a mail.
PICTURE = re.compile(r"data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=%\s]{100,}")
DEEPEST = 5

SILENT = frozenset(
    "audio canvas head iframe math noembed noframes object script select style svg template title"
    " video xml".split()
)
PARAGRAPHS = frozenset("blockquote dl h1 h2 h3 h4 h5 h6 hr ol p pre table ul".split())
BLOCKS = PARAGRAPHS | frozenset(
    "address article aside body caption center dd details div dt fieldset figcaption figure footer"
    " form header html legend li main menu nav section summary tbody tfoot thead tr".split()
)
SPACES = re.compile(r"[ \t\n\f\r]+")
BLANK_LINES = re.compile(r"\n{3,}")


def to_text(html: str) -> tuple[str, bool]:
    """Return the text, and whether it is all of it: not if the HTML is too long."""
    html = PICTURE.sub("", html)
    page = _Page()
    page.read(JustHTML(html[:LONGEST], sanitize=False, scripting_enabled=False).root)
    return page.text(), len(html) <= LONGEST


@dataclass
class _Page:
    """The lines so far, each with the depth of its quote, and what is due before the next word.

    ``gap``: line breaks before it, 2 for a blank line. ``at_cell``: a cell begins, and stays in
    the line of its row, which has words if ``in_row``. ``links``: where those begin that are open.
    """

    lines: list[tuple[int, str]] = field(default_factory=lambda: [(0, "")])
    gap: int = 0
    quotes: int = 0
    preformatted: int = 0
    at_cell: bool = False
    in_row: bool = False
    marker: str = ""
    lists: list[int] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)

    def read(self, root: Node) -> None:
        """Read a tree, without recursion."""
        ahead: list[tuple[Node, bool]] = [(root, False)]
        while ahead:
            node, is_read = ahead.pop()
            if isinstance(node, Text):
                self._text(node.data or "")
            elif is_read:
                self._leave(node)
            elif not isinstance(node, Element):
                ahead += [(child, False) for child in reversed(node.children or [])]
            elif node.name not in SILENT and not html_marks.is_hidden(node):
                self._enter(node)
                ahead.append((node, True))
                ahead += [(child, False) for child in reversed(node.children or [])]

    def text(self) -> str:
        """Return the lines, without blank ones in a row."""
        lines = []
        for depth, words in self.lines:
            words = words.rstrip(" ") if words.strip() else ""
            lines.append("> " * min(depth, DEEPEST) + words)
        return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")

    def _enter(self, node: Element) -> None:
        name = node.name
        if name in BLOCKS:
            self._block(name)
        self.quotes += html_marks.is_quote(node)
        self.preformatted += name in {"pre", "textarea"}
        if name == "br":
            self._flush()
            self.lines.append((self.quotes, ""))
        elif name == "img":
            self._text(html_marks.emoji(node))
        elif name == "a":
            self.links.append((len(self.lines) - 1, len(self.lines[-1][1])))
        elif name in {"td", "th"}:
            self._begin_cell()
        elif name == "tr":
            self.in_row = self.in_row and self.at_cell
        elif name in {"ul", "ol", "li"}:
            self._begin_list(node)

    def _leave(self, node: Element) -> None:
        name = node.name
        if name == "a":
            self._end_link(html_marks.attribute(node, "href"))
        elif name in {"ul", "ol"}:
            self.lists.pop()
        elif name == "tr":
            self.at_cell = False
        elif name == "li":
            self.marker = ""
        self.preformatted -= name in {"pre", "textarea"}
        if name in BLOCKS:
            self._block(name)
        if not html_marks.begins_quote(node):  # what follows Outlook's headers is the quote
            self.quotes -= html_marks.is_quote(node)

    def _block(self, name: str) -> None:
        if not self.at_cell:
            self.gap = max(self.gap, 2 if name in PARAGRAPHS and not self.lists else 1)

    def _begin_cell(self) -> None:
        if self.in_row:
            self.gap = 0
            self._space()
        self.at_cell = True

    def _begin_list(self, node: Element) -> None:
        if node.name != "li":
            start = html_marks.attribute(node, "start")
            number = int(start) if start.isdecimal() and len(start) < 7 else 1
            self.lists.append(0 if node.name == "ul" else number)
            return
        number = self.lists[-1] if self.lists else 0
        indent = "  " * (min(len(self.lists), DEEPEST) - 1)
        self.marker = f"{indent}{number}. " if number else f"{indent}- "
        if number:
            self.lists[-1] += 1

    def _end_link(self, href: str) -> None:
        line, column = self.links.pop()
        words = "\n".join(text for _, text in self.lines[line : line + 3])[column:].strip()
        address = html_marks.address_beside(words, href)
        if address:
            self._space()
            self._put(f"<{address}>")

    def _space(self) -> None:
        depth, words = self.lines[-1]
        if words and not words.endswith(" "):
            self.lines[-1] = (depth, f"{words} ")

    def _text(self, text: str) -> None:
        if self.preformatted:
            first, *others = text.split("\n")
            self._put(first)
            for line in others:
                self.lines.append((self.quotes, ""))
                self._put(line)
            return
        words = SPACES.sub(" ", text)
        if words == " " and not self.gap:
            self._space()
        elif words.strip(" "):
            begins = self.gap or not self.lines[-1][1] or self.lines[-1][1].endswith(" ")
            self._put(words.lstrip(" ") if begins else words)

    def _put(self, words: str) -> None:
        """Add words to the line that is due."""
        if not words:
            return
        self._flush()
        depth, before = self.lines[-1]
        if before and depth != self.quotes:
            self.lines.append((self.quotes, ""))
            before = ""
        marker = self.marker if not before else ""
        self.marker = ""
        self.lines[-1] = (self.quotes, f"{before}{marker}{words}")
        self.at_cell, self.in_row = False, True

    def _flush(self) -> None:
        """Break the line as often as is due, except above the first word."""
        if len(self.lines) > 1 or self.lines[0][1]:
            breaks = self.gap if self.lines[-1][1] else self.gap - 1
            self.lines += [(self.quotes, "")] * breaks
        self.gap = 0
