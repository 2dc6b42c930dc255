"""YAML without surprises: a value has the type asked for, or its place and the reason are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from reprlib import Repr
from typing import Any

import yaml

MERGE = "tag:yaml.org,2002:merge"
# A value may be a file's length, or hold itself by an anchor.
SHORT = Repr()  # takes arguments since Python 3.12
SHORT.maxstring = SHORT.maxother = 90
SHORT.maxdict = SHORT.maxlist = 3
SHORT.maxlevel = 2


class Unread(Exception):
    """Something that is not understood: ``where`` it stands, as keys with dots, and why.

    The message is one line of LONGEST characters at most, whatever the file holds.
    """

    LONGEST = 400

    def __init__(self, where: str, why: str) -> None:
        line = " ".join(f"{where or 'the file'} {why}".split())
        super().__init__(line if len(line) <= self.LONGEST else f"{line[:self.LONGEST - 1]}…")
        self.where = where
        self.why = why


def load(path: Path) -> Any:
    """Return what a YAML file holds; raise Unread where it is no YAML, or a key is there twice."""
    try:
        written = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Unread(path.name, f"can't be read: {error}") from None
    try:
        loader = yaml.SafeLoader(written)
        try:
            node = loader.get_single_node()
            for each in nodes(node):
                refuse_twice(each)
            return None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    # A day that is none is a ValueError; what is too deep a RecursionError.
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unread(path.name, f"is no YAML: {error or type(error).__name__}") from None


def nodes(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Return each node once, also where an anchor leads back to it."""
    seen, left = set(), [root] if root else []
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            left += [each for pair in node.value for each in pair]
        elif isinstance(node, yaml.SequenceNode):
            left += node.value


def refuse_twice(node: yaml.Node) -> None:
    """Raise Unread naming a key that is there twice, of which YAML would keep the last."""
    if not isinstance(node, yaml.MappingNode):
        return
    keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
    for key in keys:
        if keys.count(key) > 1:
            line = node.start_mark.line + 1
            raise Unread(key, f"is there twice in what begins in line {line}")


def mapping(
    value: Any, where: str, needs: Iterable[str] = (), may: Iterable[str] = ()
) -> dict[str, Any]:
    """Return a mapping with all the keys it ``needs`` and others it ``may`` have.

    With neither, any key will do. Raise Unread naming the key that is unknown or lacking.
    """
    if not isinstance(value, dict):
        raise Unread(where, f"is {SHORT.repr(value)}, not keys with values")
    dot = f"{where}." if where else ""
    known = [*needs, *may]
    for key in value:
        if not isinstance(key, str):
            raise Unread(f"{dot}{SHORT.repr(key)}", "is a key that is no text: quote it")
        if known and key not in known:
            raise Unread(f"{dot}{key}", f"is a key that is not read; read are {', '.join(known)}")
    for key in needs:
        if key not in value:
            raise Unread(f"{dot}{key}", "is missing")
    return value


def sequence(value: Any, where: str) -> list[Any]:
    """Return a list that has something in it."""
    if not isinstance(value, list) or not value:
        raise Unread(where, f"is {SHORT.repr(value)}, not a list")
    return value


def text(value: Any, where: str) -> str:
    """Return a text; numbers and truths have to be quoted to be one.

    A text with ``<<`` is made by CircleCI when it reads the file, of values that are not here:
    https://circleci.com/docs/reference/variables/#pipeline-values
    """
    if not isinstance(value, str) or not value:
        raise Unread(where, f"is {SHORT.repr(value)}, not a text")
    if "<<" in value:
        raise Unread(where, f"is {SHORT.repr(value)}: values between << and >> are not read")
    return value


def texts(value: Any, where: str) -> tuple[str, ...]:
    """Return texts: one alone, or a list of them."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise Unread(where, f"is {SHORT.repr(value)}, not texts")
    return tuple(text(item, f"{where}[{number}]") for number, item in enumerate(items))


def one_of(value: Any, where: str, known: Iterable[str]) -> str:
    """Return a text that is one of those known."""
    known = tuple(known)
    if text(value, where) not in known:
        raise Unread(where, f"is {SHORT.repr(value)}, which is none of {', '.join(known)}")
    return value


def truth(value: Any, where: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise Unread(where, f"is {SHORT.repr(value)}, neither true nor false")
    return value
