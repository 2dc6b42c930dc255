"""YAML without surprises: a value has the type asked for, or its place and the reason are told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml


class Unread(Exception):
    """Something that is not understood: ``where`` it stands, as keys with dots, and why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where or 'the file'} {why}")
        self.where = where
        self.why = why


class Loader(yaml.SafeLoader):
    """Refuses a key that is there twice, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Give the mapping; raise Unread naming a key that is there twice."""
        keys = [self.construct_object(key) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                line = node.start_mark.line + 1
                raise Unread(str(key), f"is there twice in what begins in line {line}")
        return super().construct_mapping(node, deep)


def load(path: Path) -> Any:
    """Give what a YAML file holds; raise Unread where it is no YAML."""
    try:
        return yaml.load(path.read_text(), Loader)
    except yaml.YAMLError as error:
        raise Unread(path.name, f"is no YAML: {error}") from None


def mapping(
    value: Any, where: str, needs: Iterable[str] = (), may: Iterable[str] = ()
) -> dict[str, Any]:
    """Give a mapping with all the keys it ``needs`` and others it ``may`` have.

    With neither, any key will do. Raise Unread naming the key that is unknown or lacking.
    """
    if not isinstance(value, dict):
        raise Unread(where, f"is {value!r}, not keys with values")
    dot = f"{where}." if where else ""
    for key in value:
        if not isinstance(key, str) or ((needs or may) and key not in {*needs, *may}):
            raise Unread(f"{dot}{key}", "is a key that is not read")
    for key in needs:
        if key not in value:
            raise Unread(f"{dot}{key}", "is missing")
    return value


def sequence(value: Any, where: str) -> list[Any]:
    """Give a list that has something in it."""
    if not isinstance(value, list) or not value:
        raise Unread(where, f"is {value!r}, not a list")
    return value


def text(value: Any, where: str) -> str:
    """Give a text; numbers and truths have to be quoted to be one."""
    if not isinstance(value, str) or not value:
        raise Unread(where, f"is {value!r}, not a text")
    return value


def texts(value: Any, where: str) -> tuple[str, ...]:
    """Give texts: one alone, or a list of them."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise Unread(where, f"is {value!r}, not texts")
    return tuple(text(item, f"{where}[{number}]") for number, item in enumerate(items))
